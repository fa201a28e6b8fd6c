import type { Captured } from '../../../drill/entry.ts';
import { type Check, hasRefusal, judged } from '../../../drill/guardrails/check.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { Recheck } from '../../../ports/target.ts';
import * as ofService from '../ecs/checks.ts';
import { facts } from '../ecs/facts.ts';
import { describe, taskDefinition } from '../ecs/read.ts';
import { revisionLine } from './capture.ts';
import * as checks from './checks.ts';
import { healthyExecutionOf } from './inputs.ts';
import { declarationOf, newestExecutions, stagesOf } from './read.ts';
import { capturedPipelineOf, ecsServiceOf, serviceOf } from './service.ts';
import type { Pipeline } from './target.ts';
import { transitionsOf } from './transitions.ts';

/** What was captured must still be what runs, in the same pipeline, with nothing under way. */
export async function recheck(pipeline: Pipeline, before: Captured, knownBad: KnownBad): Promise<Recheck> {
  const ecs = ecsServiceOf(pipeline, serviceOf(before));
  const [declaration, stages, executions, service, healthy] = await Promise.all([
    declarationOf(pipeline),
    stagesOf(pipeline),
    newestExecutions(pipeline),
    describe(ecs),
    taskDefinition(ecs, before.lastHealthy.taskDefinition),
  ]);
  const first: readonly Check[] = [checks.exists(pipeline, declaration), ofService.exists(ecs, service)];
  if (!declaration || !service || hasRefusal(first)) return { checks: first, facts: null };
  const newest = executions[0]?.pipelineExecutionId ?? '';
  const all = [
    ...first,
    unchanged(before.revision, revisionLine(declaration.version, newest, service)),
    transitionsAsFound(before, transitionsOf(pipeline, stages)),
    checks.idle(pipeline, stages, executions),
    checks.passable(pipeline, stages),
    ofService.active(service),
    ofService.quiet(service),
    ofService.wayBack(healthy),
    checks.knownBadRelease(declaration, knownBad, healthyExecutionOf(before)),
  ];
  if (!healthy || hasRefusal(all)) return { checks: all, facts: null };
  return { checks: all, facts: await facts(ecs, { service, healthy, knownBad, bad: undefined }) };
}

function unchanged(before: string, now: string): Check {
  return judged('unchanged', now === before, `what is there now: ${now}; captured was ${before}`);
}

function transitionsAsFound(before: Captured, now: ReturnType<typeof transitionsOf>): Check {
  const then = capturedPipelineOf(before).transitions;
  const [found, allowed] = [now, then].map((transitions) =>
    transitions.map(({ stage, enabled }) => `${stage} ${enabled ? 'enabled' : 'disabled'}`).join(', '),
  );
  return judged(
    'transitions-unchanged',
    found === allowed,
    `transitions are ${found || 'none of the plan'}; captured were ${allowed || 'none'}`,
  );
}
