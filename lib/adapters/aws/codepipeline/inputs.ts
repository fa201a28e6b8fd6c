import type {
  CodePipelineClient,
  PipelineExecution as Found,
  PipelineExecutionSummary,
  PipelineVariable,
  SourceRevisionOverride,
} from '@aws-sdk/client-codepipeline';
import type { Captured, CapturedPipeline } from '../../../drill/entry.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import { executionOf } from './read.ts';
import { capturedPipelineOf } from './service.ts';
import type { Pipeline } from './target.ts';

/** What an execution is started with, and what tells two of them apart. */
export interface Inputs {
  readonly variables: readonly PipelineVariable[];
  readonly sourceRevisions: readonly SourceRevisionOverride[];
}

/** The last healthy execution once more. Throws when it was not captured. */
export function healthyInputs(captured: Captured): Inputs {
  return inputsOf(healthyExecutionOf(captured), capturedPipelineOf(captured).revisionTypes);
}

/** The execution once more. */
export function inputsOf(
  { variables, sourceRevisions }: PipelineExecution,
  revisionTypes: CapturedPipeline['revisionTypes'],
): Inputs {
  return {
    // A variable cannot be started with nothing; without it, it has its default.
    variables: Object.entries(variables).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }])),
    sourceRevisions: sourceRevisions.flatMap(({ action, revision }) => {
      const revisionType = revisionTypes[action];
      return revisionType ? [{ actionName: action, revisionType, revisionValue: revision }] : [];
    }),
  };
}

/** The last healthy release with what the plan changes: whatever was pushed since then is not released on the way. */
export function knownBadInputs(captured: Captured, knownBad: KnownBad): Inputs {
  const { variables, sourceRevisions } = pipelineReleaseOf(knownBad);
  const healthy = healthyInputs(captured);
  const chosen = new Set(sourceRevisions.map(({ action }) => action));
  return {
    variables: [
      ...healthy.variables.filter(({ name }) => !Object.hasOwn(variables, name ?? '')),
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ],
    sourceRevisions: [
      ...healthy.sourceRevisions.filter(({ actionName }) => !chosen.has(actionName ?? '')),
      ...sourceRevisions.map(({ action, type, revision }) => {
        return { actionName: action, revisionType: type, revisionValue: revision };
      }),
    ],
  };
}

export function healthyExecutionOf({ lastHealthy, revision }: Captured): PipelineExecution {
  if (!lastHealthy.execution) throw new Error(`${revision} was captured without a pipeline execution`);
  return lastHealthy.execution;
}

/** Whether the execution releases what the plan calls known-bad. A revision that is not told yet is none. */
export function isKnownBad(knownBad: KnownBad, execution: PipelineExecution): boolean {
  if (knownBad.kind !== 'pipeline-execution') return false;
  return hasInputs(execution, knownBad);
}

/** Whether the execution was started with all of them. */
export function hasInputs(
  execution: PipelineExecution,
  { variables, sourceRevisions }: Pick<PipelineExecution, 'variables' | 'sourceRevisions'>,
): boolean {
  const told = new Map(execution.sourceRevisions.map(({ action, revision }) => [action, revision]));
  return (
    Object.entries(variables).every(([name, value]) => execution.variables[name] === value) &&
    sourceRevisions.every(({ action, revision }) => told.get(action) === revision)
  );
}

/** Variables of an execution never change. */
const known = new WeakMap<CodePipelineClient, Map<string, Readonly<Record<string, string>>>>();
const MOST_KNOWN = 1_000;

/** The execution as a drill knows it. */
export async function told(
  pipeline: Pipeline,
  summary: PipelineExecutionSummary,
): Promise<PipelineExecution> {
  const id = summary.pipelineExecutionId ?? '';
  const ofClient = known.get(pipeline.codePipeline) ?? new Map<string, Readonly<Record<string, string>>>();
  known.set(pipeline.codePipeline, ofClient);
  const variables = ofClient.get(id) ?? variablesOf(await executionOf(pipeline, id));
  if (ofClient.size >= MOST_KNOWN) ofClient.clear();
  ofClient.set(id, variables);
  return { id, variables, sourceRevisions: revisionsOf(summary) };
}

export function variablesOf({ variables = [] }: Found): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.map(({ name = '', resolvedValue = '' }) => [name, resolvedValue]));
}

export function revisionsOf({
  sourceRevisions = [],
}: PipelineExecutionSummary): PipelineExecution['sourceRevisions'] {
  return sourceRevisions.map(({ actionName = '', revisionId = '' }) => ({
    action: actionName,
    revision: revisionId,
  }));
}

function pipelineReleaseOf(knownBad: KnownBad): Extract<KnownBad, { kind: 'pipeline-execution' }> {
  if (knownBad.kind === 'pipeline-execution') return knownBad;
  throw new Error(`${knownBad.release} is no release of a pipeline; give it variables or sourceRevisions`);
}
