import type { Command, Report } from './messages.ts';

export interface RemotePurges {
  /** Resolves with the number of entries that went; rejects when the traffic process ends before it answered. */
  purge(patterns: readonly string[]): Promise<number>;
  /** What the traffic process reported. */
  hear(report: Report): void;
  ended(): void;
}

export function remotePurges(tell: (command: Command) => void): RemotePurges {
  const waiting = new Map<number, PromiseWithResolvers<number>>();
  let latest = 0;
  return {
    async purge(patterns) {
      latest += 1;
      tell({ kind: 'purge', purge: latest, patterns });
      const answer = Promise.withResolvers<number>();
      waiting.set(latest, answer);
      return answer.promise;
    },
    hear(report) {
      if (report.kind !== 'purged') return;
      waiting.get(report.purge)?.resolve(report.entries);
      waiting.delete(report.purge);
    },
    ended() {
      for (const { reject } of waiting.values()) reject(new Error('The edge ended before it purged.'));
      waiting.clear();
    },
  };
}
