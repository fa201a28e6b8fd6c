import type { Entry } from './entry.ts';
import type { Incident } from './outcome.ts';

/** What happened besides the plan, in the order of the journal. */
export function incidentsFrom(journal: readonly Entry[]): readonly Incident[] {
  return journal.flatMap((entry): Incident[] => {
    switch (entry.kind) {
      case 'not-restored':
      case 'overtaken':
      case 'undetected':
        return [{ kind: entry.kind, reason: entry.reason, at: null, by: null }];
      case 'unstable':
        return [{ kind: entry.kind, reason: entry.reason, at: entry.at, by: null }];
      case 'aborted':
      case 'taken-over':
        return [{ kind: entry.kind, reason: entry.reason, at: entry.at, by: entry.by }];
      case 'fault':
        return [
          {
            kind: entry.kind,
            reason: `${entry.state} broke: ${entry.error}: ${entry.cause}`,
            at: null,
            by: entry.state,
          },
        ];
      default:
        return [];
    }
  });
}
