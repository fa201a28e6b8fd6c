import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { ACCOUNT, REGION } from '../aws/account.ts';
import { CLUSTER, SERVICE } from './infrastructure.ts';

export const PIPELINE = 'shop';
export const RELEASES_BUCKET = 'shop-releases';
export const ARTIFACTS_BUCKET = 'shop-pipeline-artifacts';
export const SOURCE_KEY = 'release.zip';
export const PROMOTED_KEY = 'promoted.json';
const HEALTHY_RELEASE = 'healthy';

/** What the source of the pipeline says: `release.json` in the zip of {@link SOURCE_KEY}. */
export const DESCRIPTOR = {
  container: SERVICE,
  repository: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${SERVICE}`,
};

/** How the team releases the shop: deploy what `image_tag` names, test it, promote it. */
export const SHOP_PIPELINE: PipelineDeclaration = {
  name: PIPELINE,
  pipelineType: 'V2',
  executionMode: 'SUPERSEDED',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/shop-pipeline`,
  artifactStore: { type: 'S3', location: ARTIFACTS_BUCKET },
  variables: [
    { name: 'image_tag', defaultValue: HEALTHY_RELEASE, description: 'The release of the shop to deploy.' },
  ],
  stages: [
    { name: 'Source', actions: [source()] },
    { name: 'Deploy', actions: [render(), deploy()] },
    { name: 'Smoke', actions: [invoke('SmokeTest', 'shop-smoke-test', {})] },
    { name: 'Promote', actions: [promote()] },
  ],
};

function source(): ActionDeclaration {
  return {
    name: 'Release',
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
    configuration: { S3Bucket: RELEASES_BUCKET, S3ObjectKey: SOURCE_KEY, PollForSourceChanges: 'false' },
    outputArtifacts: [{ name: 'release' }],
  };
}

function render(): ActionDeclaration {
  return {
    ...invoke('Render', 'shop-render-images', { imageTag: '#{variables.image_tag}' }),
    runOrder: 1,
    inputArtifacts: [{ name: 'release' }],
    outputArtifacts: [{ name: 'images' }],
  };
}

function deploy(): ActionDeclaration {
  return {
    name: 'Deploy',
    runOrder: 2,
    actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'ECS', version: '1' },
    configuration: { ClusterName: CLUSTER, ServiceName: SERVICE, FileName: 'imagedefinitions.json' },
    inputArtifacts: [{ name: 'images' }],
  };
}

function promote(): ActionDeclaration {
  const execution = '#{codepipeline.PipelineExecutionId}';
  return {
    ...invoke('Promote', 'shop-promote', { bucket: RELEASES_BUCKET, key: PROMOTED_KEY, execution }),
    inputArtifacts: [{ name: 'images' }],
  };
}

function invoke(name: string, FunctionName: string, parameters: object): ActionDeclaration {
  return {
    name,
    actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
    configuration: { FunctionName, UserParameters: JSON.stringify(parameters) },
  };
}
