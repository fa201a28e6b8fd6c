import { type Answer, exchange } from './exchange.ts';
import type { HealthCheck } from './messages.ts';
import type { Target } from './targets.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Checks a target until it is gone, each time over a new connection. As on AWS, a new target needs one passed check,
 * an unhealthy one `healthyThreshold` in a row; a target that refuses the connection has failed like any other.
 */
export async function watchHealth(
  target: Target,
  check: HealthCheck,
  { present, changed }: { present: () => boolean; changed: () => void },
): Promise<void> {
  let passed = 0;
  let failed = 0;
  while (present()) {
    const dueAtMs = Date.now() + check.intervalMs;
    const result = await examine(target, check);
    if (!present()) return;
    passed = result.kind === 'passed' ? passed + 1 : 0;
    failed = result.kind === 'passed' ? 0 : failed + 1;
    if (result.kind === 'passed') target.release = result.release ?? target.release;
    const before = target.health;
    if (failed >= check.unhealthyThreshold) target.health = 'unhealthy';
    if (passed >= (before === 'initial' ? 1 : check.healthyThreshold)) target.health = 'healthy';
    if (target.health !== before) changed();
    await new Promise((resolve) => setTimeout(resolve, Math.max(dueAtMs - Date.now(), 1)));
  }
}

type Result = { readonly kind: 'passed'; readonly release: string | undefined } | { readonly kind: 'failed' };

async function examine(target: Target, { path, timeoutMs }: HealthCheck): Promise<Result> {
  const headers = { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' };
  try {
    const question = { port: target.port, method: 'GET', path, headers, body: NOTHING };
    const answer = await exchange(question, false, timeoutMs);
    return answer.status === 200 ? { kind: 'passed', release: releaseOf(answer) } : { kind: 'failed' };
  } catch {
    return { kind: 'failed' };
  }
}

/** Which release gave an answer, if it says so. */
export function releaseOf({ headers }: Answer): string | undefined {
  const release = headers['x-release'];
  return typeof release === 'string' ? release : undefined;
}
