import { LEASE_MS, RENEW_LEASE_EVERY_MS } from '../drill/limits.ts';
import type { Holder } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/** Keeps the lease while somebody works on the drill. Who has lost it learns that from the next record. */
export async function whileRenewing<Result>(
  { clock, locks }: Pick<Ports, 'clock' | 'locks'>,
  holder: () => Holder,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await clock.sleep(RENEW_LEASE_EVERY_MS, done.signal);
      if (done.signal.aborted) return;
      await locks.renew(holder(), LEASE_MS).catch(() => undefined);
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await renewing;
  }
}
