import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from '@aws-sdk/client-codepipeline';
import type { RevisionType } from '../../../drill/plan/pipeline-release.ts';

/** What the declaration of a pipeline tells. */

export function stageNames({ stages = [] }: PipelineDeclaration): readonly string[] {
  return stages.map(({ name }) => name ?? '');
}

export function stageNamed(
  { stages = [] }: PipelineDeclaration,
  wanted: string,
): StageDeclaration | undefined {
  return stages.find(({ name }) => name === wanted);
}

/** The ECS service that an action deploys to; `undefined` for any other action. */
export function deployedBy({
  actionTypeId,
  configuration = {},
}: ActionDeclaration): { readonly cluster: string; readonly service: string } | undefined {
  if (actionTypeId?.category !== 'Deploy' || actionTypeId.provider !== 'ECS') return undefined;
  const { ClusterName: cluster = 'default', ServiceName: service } = configuration;
  return service === undefined ? undefined : { cluster, service };
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-trigger-source-overrides.html */
const REVISION_TYPES: Readonly<Record<string, RevisionType>> = {
  CodeCommit: 'COMMIT_ID',
  CodeStarSourceConnection: 'COMMIT_ID',
  GitHub: 'COMMIT_ID',
  ECR: 'IMAGE_DIGEST',
  S3: 'S3_OBJECT_VERSION_ID',
};

/** By the name of the source action; those whose revision cannot be chosen are left out. */
export function revisionTypesOf({
  stages = [],
}: PipelineDeclaration): Readonly<Record<string, RevisionType>> {
  return Object.fromEntries(
    (stages[0]?.actions ?? []).flatMap(({ name = '', actionTypeId }) => {
      const type = REVISION_TYPES[actionTypeId?.provider ?? ''];
      return type ? [[name, type]] : [];
    }),
  );
}
