import { setTimeout as pause } from 'node:timers/promises';
import type { Deployment } from '@aws-sdk/client-ecs';

export type RolloutEnd =
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly reason: string };

const LOOK_EVERY_MS = 100;

/** Waits until the deployment is over. Rejects with the signal's reason; after `limitMs` it has failed. */
export async function endOfRollout(
  look: () => Promise<readonly Deployment[]>,
  deploymentId: string,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<RolloutEnd> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < limitMs) {
    const end = judge(await look(), deploymentId);
    if (end) return end;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  const reason = `The deployment ${deploymentId} is not over after ${limitMs / 60_000} minutes, which is its DeploymentTimeout.`;
  return { kind: 'failed', reason };
}

/** `undefined` while it is under way. */
export function judge(deployments: readonly Deployment[], deploymentId: string): RolloutEnd | undefined {
  const own = deployments.find(({ id }) => id === deploymentId);
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (own?.rolloutState === 'FAILED')
    return { kind: 'failed', reason: `The deployment ${deploymentId} failed: ${own.rolloutStateReason}` };
  if (own?.status !== 'PRIMARY') return { kind: 'failed', reason: replacedBy(deploymentId, primary) };
  return own.rolloutState === 'COMPLETED' ? { kind: 'completed' } : undefined;
}

function replacedBy(deploymentId: string, primary: Deployment | undefined): string {
  const by = primary ? `${primary.id} (${primary.rolloutStateReason})` : 'another one';
  return `The deployment ${deploymentId} was replaced by ${by} before it was complete.`;
}
