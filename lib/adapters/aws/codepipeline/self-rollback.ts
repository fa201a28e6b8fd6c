import type {
  PipelineDeclaration,
  PipelineExecutionSummary,
  StageDeclaration,
} from '@aws-sdk/client-codepipeline';
import type { SelfRollback } from '../../../drill/guardrails/self-rollback.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import { revisionTypesOf, stageNamed } from './declaration.ts';
import { inputsOf } from './inputs.ts';
import { startCommand } from './start.ts';
import type { Pipeline } from './target.ts';

/**
 * What becomes of the deploy stage by itself when it fails; `offered` are the executions that it may be rolled back to, the
 * newest first. https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback-auto.html
 */
export function selfRollback(
  pipeline: Pipeline,
  declaration: PipelineDeclaration,
  {
    healthy,
    offered,
  }: { readonly healthy: PipelineExecution; readonly offered: readonly PipelineExecutionSummary[] },
): SelfRollback | null {
  const { stage } = pipeline.target;
  if (!rollsItselfBack(stageNamed(declaration, stage))) return null;
  const release = startCommand(pipeline, inputsOf(healthy, revisionTypesOf(declaration)));
  const target = offered.find(({ executionType }) => executionType !== 'ROLLBACK')?.pipelineExecutionId;
  return { stage, target: target ?? null, release };
}

/** On failure, or when a condition says so. */
function rollsItselfBack({ onFailure, onSuccess }: StageDeclaration = { name: '', actions: [] }): boolean {
  const conditions = [...(onFailure?.conditions ?? []), ...(onSuccess?.conditions ?? [])];
  return [onFailure, ...conditions].some((each) => each?.result === 'ROLLBACK');
}
