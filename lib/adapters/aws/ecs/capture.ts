import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Captured } from '../../../drill/journal.ts';
import type { PathName } from '../../../drill/path.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { Capture, Check } from '../../../ports.ts';
import { differs } from './known-bad.ts';
import { describe, imageDigest, taskDefinition } from './read.ts';
import { rollbackCommand } from './rollback.ts';
import type { EcsService } from './target.ts';

/** Checks the guardrails that ECS can answer and captures what runs. The first refusal ends it: later checks build on earlier ones. */
export async function capture(
  target: EcsService,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Promise<Capture> {
  const service = await describe(target);
  const checks: Check[] = [exists(target, service)];
  if (!service || refused(checks)) return { checks, captured: null };
  checks.push(active(service), staffed(service), quiet(service));
  if (refused(checks)) return { checks, captured: null };
  const healthy = await taskDefinition(target, service.taskDefinition ?? '');
  checks.push(wayBack(healthy), await knownBadDiffers(target, knownBad, healthy));
  if (!healthy || refused(checks)) return { checks, captured: null };
  return { checks, captured: await captured(target, service, healthy, knownBad, paths) };
}

/** What was captured must still be what runs, with nothing under way. */
export async function recheck(target: EcsService, before: Captured): Promise<readonly Check[]> {
  const service = await describe(target);
  const checks: Check[] = [exists(target, service)];
  if (!service || refused(checks)) return checks;
  const same = revisionOf(service) === before.revision;
  return [
    ...checks,
    active(service),
    quiet(service),
    check('unchanged', same, `runs revision ${revisionOf(service)}, captured was ${before.revision}`),
    wayBack(await taskDefinition(target, before.lastHealthy.taskDefinition)),
  ];
}

async function captured(
  target: EcsService,
  service: Service,
  healthy: TaskDefinition,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Promise<Captured> {
  const found = {
    lastHealthy: {
      taskDefinition: healthy.taskDefinitionArn ?? '',
      imageDigest: await imageDigest(target, service.currentServiceRevisions?.[0]?.arn),
    },
    revision: revisionOf(service),
    tasks: service.desiredCount ?? 0,
    wayBack: [],
  };
  const context = { captured: found, knownBad, deployed: null };
  return {
    ...found,
    wayBack: paths
      .filter((path) => path !== 'automatic')
      .map((path) => rollbackCommand(target, path, context)),
  };
}

function revisionOf(service: Service): string {
  return service.currentServiceRevisions?.[0]?.arn ?? service.deployments?.[0]?.id ?? '';
}

async function knownBadDiffers(
  target: EcsService,
  knownBad: KnownBad,
  healthy: TaskDefinition | undefined,
): Promise<Check> {
  const name = 'known-bad-release';
  if (!healthy) return check(name, false, 'there is no task definition to compare it with');
  if (knownBad.kind === 'override') {
    return check(
      name,
      differs(knownBad, healthy),
      `the override ${JSON.stringify(knownBad)} must change something in ${healthy.taskDefinitionArn}`,
    );
  }
  const bad = await taskDefinition(target, knownBad.taskDefinition);
  if (bad?.status !== 'ACTIVE')
    return check(
      name,
      false,
      `task definition ${knownBad.taskDefinition} is ${bad?.status ?? 'not there'}; it must be ACTIVE`,
    );
  return check(
    name,
    bad.taskDefinitionArn !== healthy.taskDefinitionArn,
    `${bad.taskDefinitionArn} must not be what runs now`,
  );
}

function exists({ cluster, service }: EcsService, found: Service | undefined): Check {
  return check(
    'target-exists',
    found !== undefined,
    `service ${service} in cluster ${cluster} ${found ? 'is there' : 'is not there'}; the plan names it as its target`,
  );
}

function active({ status }: Service): Check {
  return check('target-active', status === 'ACTIVE', `status is ${status}; ACTIVE is allowed`);
}

function staffed({ desiredCount = 0 }: Service): Check {
  return check(
    'target-has-tasks',
    desiredCount > 0,
    `desired count is ${desiredCount}; at least 1 is allowed`,
  );
}

function quiet({ deployments = [], runningCount = 0, desiredCount = 0 }: Service): Check {
  const [primary] = deployments;
  const still =
    deployments.length === 1 && primary?.rolloutState !== 'IN_PROGRESS' && runningCount === desiredCount;
  const found = `${deployments.length} deployments, the newest ${primary?.rolloutState ?? 'without a state'}, ${runningCount} of ${desiredCount} tasks running`;
  return check(
    'no-deployment-under-way',
    still && primary?.rolloutState !== 'FAILED',
    `${found}; allowed is 1 that is COMPLETED with all tasks running`,
  );
}

function wayBack(healthy: TaskDefinition | undefined): Check {
  const found = `task definition ${healthy?.taskDefinitionArn ?? 'of the running service'} is ${healthy?.status ?? 'not there'}`;
  return check(
    'legal-way-back',
    healthy?.status === 'ACTIVE',
    `${found}; it must be ACTIVE to be deployed again`,
  );
}

function check(name: string, holds: boolean, reason: string): Check {
  return { name, verdict: holds ? 'passed' : 'refused', reason };
}

function refused(checks: readonly Check[]): boolean {
  return checks.some(({ verdict }) => verdict === 'refused');
}
