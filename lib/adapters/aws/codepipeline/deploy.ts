import type { PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import { iso } from '../../../drill/clock.ts';
import type { Captured } from '../../../drill/entry.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import type { Deployment } from '../../../ports/target.ts';
import { type Inputs, isKnownBad, knownBadInputs, told } from './inputs.ts';
import { executionsAfter, timeOf } from './read.ts';
import { capturedPipelineOf } from './service.ts';
import { start, startCommand } from './start.ts';
import type { Pipeline } from './target.ts';
import { disable, disableCommand } from './transitions.ts';

/** First nothing may flow on into the stages behind; then the known-bad release is started. Called again, it is the same one. */
export async function deployKnownBad(
  pipeline: Pipeline,
  captured: Captured,
  knownBad: KnownBad,
  drillId: string,
): Promise<Deployment> {
  const earlier = await findKnownBad(pipeline, captured, knownBad);
  if (earlier) return earlier;
  await disable(pipeline, capturedPipelineOf(captured).transitions, drillId);
  const inputs = knownBadInputs(captured, knownBad);
  const id = await start(pipeline, inputs, `${drillId}-known-bad`);
  const acceptedAt = iso(pipeline.clock.now());
  return { ...deployed(startedWith(id, inputs)), acceptedAt, source: 'orchestrator' };
}

export function deployCommand(pipeline: Pipeline, captured: Captured, knownBad: KnownBad): string {
  const { transitions } = capturedPipelineOf(captured);
  return [
    ...transitions.filter(({ enabled }) => enabled).map(({ stage }) => disableCommand(pipeline, stage)),
    startCommand(pipeline, knownBadInputs(captured, knownBad)),
  ].join(' && ');
}

export async function findKnownBad(
  pipeline: Pipeline,
  captured: Captured,
  knownBad: KnownBad,
): Promise<Deployment | undefined> {
  const newer = await executionsAfter(pipeline, capturedPipelineOf(captured).newestExecution);
  const found = await knownBadAmong(pipeline, newer, knownBad);
  if (!found) return undefined;
  const acceptedAt = iso(timeOf(found.summary.startTime) || pipeline.clock.now());
  return { ...deployed(found.execution), acceptedAt, source: 'api' };
}

/** The newest one that releases it, of those that are younger than the drill; those of earlier drills are older. */
export async function knownBadAmong(
  pipeline: Pipeline,
  newer: readonly PipelineExecutionSummary[],
  knownBad: KnownBad,
): Promise<
  { readonly summary: PipelineExecutionSummary; readonly execution: PipelineExecution } | undefined
> {
  const standard = newer.filter(({ executionType }) => executionType !== 'ROLLBACK');
  const all = await Promise.all(
    standard.map(async (summary) => ({ summary, execution: await told(pipeline, summary) })),
  );
  return all.find(({ execution }) => isKnownBad(knownBad, execution));
}

/** The task definition is not registered before the execution has come to the deploy stage. */
function deployed(execution: PipelineExecution): Pick<Deployment, 'deployed'> {
  const release = { taskDefinition: null, imageDigest: null, execution };
  return { deployed: { release, deployment: execution.id, registered: null } };
}

function startedWith(id: string, { variables, sourceRevisions }: Inputs): PipelineExecution {
  return {
    id,
    variables: Object.fromEntries(variables.map(({ name = '', value = '' }) => [name, value])),
    sourceRevisions: sourceRevisions.map(({ actionName = '', revisionValue = '' }) => {
      return { action: actionName, revision: revisionValue };
    }),
  };
}
