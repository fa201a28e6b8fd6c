import { setTimeout as pause } from 'node:timers/promises';
import { doJob } from './job.ts';

/** What one request came to: `500 (checkout-5xx)`, or why there was no answer. */
interface Seen {
  readonly ok: boolean;
  readonly what: string;
}

const PATH = '/checkout/check';
const REQUESTS = 20;
const EVERY_MS = 50;
const TIMEOUT_MS = 2_000;
/** Red at once with one more: who drains a task may lose a request, a release that is bad loses many. */
const FAILURES_ALLOWED = 2;

/** Asks the shop, as its users do, whether orders can be placed. */
export const smokeTest = (event: unknown): Promise<void> =>
  doJob(event, async () => {
    const { SHOP_URL } = process.env;
    if (!SHOP_URL) throw new Error('shop-smoke-test needs SHOP_URL in its environment.');
    const seen = await ask(`${SHOP_URL}${PATH}`);
    const failed = seen.filter(({ ok }) => !ok).length;
    const found = `${failed} of ${seen.length} requests to ${SHOP_URL}${PATH} failed: ${counted(seen)}`;
    if (failed > FAILURES_ALLOWED)
      throw new Error(`Smoke test is red: ${found}. At most ${FAILURES_ALLOWED} of ${REQUESTS} may.`);
    return { summary: `Smoke test is green: ${found}.` };
  });

async function ask(url: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  while (seen.length < REQUESTS && seen.filter(({ ok }) => !ok).length <= FAILURES_ALLOWED) {
    if (seen.length > 0) await pause(EVERY_MS);
    seen.push(await look(url));
  }
  return seen;
}

async function look(url: string): Promise<Seen> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.arrayBuffer();
    const release = response.headers.get('x-release') ?? 'no release';
    return { ok: response.ok, what: `${response.status} (${release})` };
  } catch (error) {
    const { name, cause } = error as Error;
    return { ok: false, what: cause instanceof Error ? cause.message : name };
  }
}

/** `17 × 200 (healthy), 3 × 500 (checkout-5xx)` */
function counted(seen: readonly Seen[]): string {
  const counts = Object.entries(Object.groupBy(seen, ({ what }) => what));
  return counts.map(([what, same = []]) => `${same.length} × ${what}`).join(', ');
}
