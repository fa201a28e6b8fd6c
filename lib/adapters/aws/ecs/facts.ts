import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import { iso } from '../../../drill/clock.ts';
import type { ImageReference } from '../../../drill/guardrails/images.ts';
import type { LifecycleHooks } from '../../../drill/guardrails/second-line.ts';
import type { TargetFacts } from '../../../drill/guardrails/target-facts.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import { serviceImages } from './read.ts';
import type { EcsService } from './target.ts';

export interface Releases {
  readonly service: Service;
  readonly healthy: TaskDefinition;
  readonly knownBad: KnownBad;
  /** The task definition of the known-bad release, when the plan names one. */
  readonly bad: TaskDefinition | undefined;
}

/** What the service tells for guardrails that every kind of target shares. */
export async function facts(target: EcsService, releases: Releases): Promise<TargetFacts> {
  const { service, healthy } = releases;
  const running = await serviceImages(target, service.currentServiceRevisions?.[0]?.arn);
  const lastHealthyImages = running.length > 0 ? running : imagesOf(healthy);
  return {
    lastDeployedAt: lastDeployedAt(service),
    lastHealthyImages,
    knownBadImages: knownBadImages(releases, lastHealthyImages),
    hooks: lifecycleHooks(target, service),
    selfRollback: null,
  };
}

/** A deployment that is complete was updated last when it became so. */
function lastDeployedAt({ deployments = [] }: Service): string | null {
  const at = deployments[0]?.updatedAt ?? deployments[0]?.createdAt;
  return at ? iso(at.getTime()) : null;
}

/** An override that changes no image runs those of the last healthy release. */
function knownBadImages(
  { knownBad, bad }: Releases,
  lastHealthyImages: readonly ImageReference[],
): TargetFacts['knownBadImages'] {
  if (knownBad.kind === 'pipeline-execution') return null;
  if (knownBad.kind !== 'override') return bad ? imagesOf(bad) : [];
  return knownBad.image === undefined ? lastHealthyImages : [{ image: knownBad.image, digest: null }];
}

function imagesOf({ containerDefinitions = [] }: TaskDefinition): readonly ImageReference[] {
  return containerDefinitions.flatMap(({ image }) => (image ? [{ image, digest: null }] : []));
}

/** What ECS assumes when a hook does not say it. */
const DEFAULT_TIMEOUT_MINUTES = 1440;
const OFFERED_PAUSE = {
  targetType: 'PAUSE',
  lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'],
  timeoutConfiguration: { timeoutInMinutes: 30, action: 'ROLLBACK' },
};

function lifecycleHooks(
  { cluster, service }: EcsService,
  { deploymentConfiguration }: Service,
): LifecycleHooks | null {
  const hooks = deploymentConfiguration?.lifecycleHooks ?? [];
  if (hooks.length === 0) return null;
  const pauses = hooks.filter(({ targetType }) => targetType === 'PAUSE');
  const extended = { ...deploymentConfiguration, lifecycleHooks: [...hooks, OFFERED_PAUSE] };
  return {
    count: hooks.length,
    pauses: pauses.map(({ lifecycleStages = [], timeoutConfiguration }) => ({
      stages: lifecycleStages,
      timeoutInMinutes: timeoutConfiguration?.timeoutInMinutes ?? DEFAULT_TIMEOUT_MINUTES,
      action: timeoutConfiguration?.action ?? 'ROLLBACK',
    })),
    offer: `aws ecs update-service --cluster ${cluster} --service ${service} --deployment-configuration ${quoted(JSON.stringify(extended))}`,
  };
}

/** For a shell: what stands between single quotes is taken as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
