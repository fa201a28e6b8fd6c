import type { Ports } from '../ports/ports.ts';

/** The longest that an action which restores waits for its record. */
const LIMIT_MS = 2_000;

/**
 * Who restores tries to record first, and then acts anyhow: a store that cannot be written must not keep the target on the
 * known-bad release. Only a fence that was raised stops it, because somebody else restores then.
 */
export function recordingBriefly<Given extends Pick<Ports, 'clock' | 'journal'>>(ports: Given): Given {
  const { clock, journal } = ports;
  return {
    ...ports,
    journal: {
      ...journal,
      async append(holder, entries) {
        const recorded = new AbortController();
        await Promise.race([
          journal.append(holder, entries).catch(unlessFenceRaised),
          clock.sleep(LIMIT_MS, recorded.signal),
        ]).finally(() => recorded.abort());
      },
    },
  };
}

function unlessFenceRaised(error: Error): void {
  if (error.name === 'FenceRaised') throw error;
}
