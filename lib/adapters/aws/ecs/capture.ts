import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Captured } from '../../../drill/entry.ts';
import { type Check, hasRefusal, judged } from '../../../drill/guardrails/check.ts';
import type { TargetFacts } from '../../../drill/guardrails/target-facts.ts';
import type { PathName } from '../../../drill/path.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { Capture, Recheck } from '../../../ports/target.ts';
import { active, exists, quiet, staffed, wayBack } from './checks.ts';
import { facts } from './facts.ts';
import { differs } from './known-bad.ts';
import { pathFingerprint } from './path-fingerprint.ts';
import { describe, revisionOf, taskDefinition } from './read.ts';
import { rollbackCommand } from './rollback.ts';
import type { EcsService } from './target.ts';

/** Checks the guardrails that ECS can answer and captures what runs. The first refusal ends it: later checks build on earlier ones. */
export async function capture(
  target: EcsService,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Promise<Capture> {
  const [service, bad] = await Promise.all([describe(target), knownBadDefinition(target, knownBad)]);
  const checks: Check[] = [exists(target, service)];
  if (!service || hasRefusal(checks)) return { checks, captured: null, facts: null };
  checks.push(active(service), staffed(service), quiet(service));
  if (hasRefusal(checks)) return { checks, captured: null, facts: null };
  const healthy = await taskDefinition(target, service.taskDefinition ?? '');
  checks.push(wayBack(healthy), knownBadDiffers(knownBad, bad, healthy));
  if (!healthy || hasRefusal(checks)) return { checks, captured: null, facts: null };
  const told = await facts(target, { service, healthy, knownBad, bad });
  return { checks, captured: captured(target, { service, healthy, told }, knownBad, paths), facts: told };
}

/** What was captured must still be what runs, with nothing under way. */
export async function recheck(target: EcsService, before: Captured, knownBad: KnownBad): Promise<Recheck> {
  const [service, healthy, bad] = await Promise.all([
    describe(target),
    taskDefinition(target, before.lastHealthy.taskDefinition),
    knownBadDefinition(target, knownBad),
  ]);
  const checks: Check[] = [exists(target, service)];
  if (!service || hasRefusal(checks)) return { checks, facts: null };
  const same = revisionOf(service) === before.revision;
  checks.push(
    active(service),
    quiet(service),
    judged('unchanged', same, `runs revision ${revisionOf(service)}, captured was ${before.revision}`),
    wayBack(healthy),
    knownBadDiffers(knownBad, bad, healthy),
  );
  if (!healthy || hasRefusal(checks)) return { checks, facts: null };
  return { checks, facts: await facts(target, { service, healthy, knownBad, bad }) };
}

interface Found {
  readonly service: Service;
  readonly healthy: TaskDefinition;
  readonly told: TargetFacts;
}

function captured(
  target: EcsService,
  { service, healthy, told }: Found,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Captured {
  const found = {
    lastHealthy: {
      taskDefinition: healthy.taskDefinitionArn ?? '',
      imageDigest: told.lastHealthyImages[0]?.digest ?? null,
    },
    revision: revisionOf(service),
    tasks: service.desiredCount ?? 0,
    wayBack: [],
    pathFingerprint: pathFingerprint(service),
  };
  const context = { captured: found, knownBad, deployed: null, isAgain: false };
  return {
    ...found,
    wayBack: paths
      .filter((path) => path !== 'automatic')
      .map((path) => rollbackCommand(target, path, context)),
  };
}

async function knownBadDefinition(
  target: EcsService,
  knownBad: KnownBad,
): Promise<TaskDefinition | undefined> {
  return knownBad.kind === 'task-definition' ? taskDefinition(target, knownBad.taskDefinition) : undefined;
}

function knownBadDiffers(
  knownBad: KnownBad,
  bad: TaskDefinition | undefined,
  healthy: TaskDefinition | undefined,
): Check {
  const name = 'known-bad-release';
  if (!healthy) return judged(name, false, 'there is no task definition to compare it with');
  if (knownBad.kind === 'override') {
    const reason = `the override ${JSON.stringify(knownBad)} must change something in ${healthy.taskDefinitionArn}`;
    return judged(name, differs(knownBad, healthy), reason);
  }
  if (knownBad.kind === 'pipeline-execution')
    return judged(name, false, 'it needs a pipeline, and the target is an ECS service');
  if (bad?.status !== 'ACTIVE') {
    const reason = `task definition ${knownBad.taskDefinition} is ${bad?.status ?? 'not there'}; it must be ACTIVE`;
    return judged(name, false, reason);
  }
  const other = bad.taskDefinitionArn !== healthy.taskDefinitionArn;
  return judged(name, other, `${bad.taskDefinitionArn} must not be what runs now`);
}
