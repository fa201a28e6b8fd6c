import fc from 'fast-check';
import type { Entry } from '../../lib/drill/entry.ts';
import {
  aborted,
  goodDrill,
  having,
  lacking,
  NOT_RESTORED,
  OVERTAKEN,
  path,
  restored,
  trigger,
  UNDETECTED,
  validation,
} from '../lib/drill/fixtures/journal.ts';

const DAY_MS = 86_400_000;
const REFUSED: Entry = { kind: 'refused', key: 'refused', by: 'lock', reason: 'held by another drill' };

/** How a drill that begins well comes to its end, by what it is to show. */
const ENDS = {
  passed: (journal) => journal,
  failed: (journal) => having(journal, validation('checkout', 220, { verdict: 'failed' })),
  undetected: (journal) => having(lacking(journal, 'trigger/'), UNDETECTED),
  inconclusive: (journal) => having(journal, validation('login', 219, { verdict: 'unknown' })),
  rescued: (journal) => having(journal, path('ecs-previous-task-definition', 'failed', 26)),
  aborted: (journal) => having(journal, { ...aborted(30), by: 'user/erin' } as Entry),
  compromised: (journal) => having(journal, OVERTAKEN),
  'not-restored': (journal) => having(lacking(journal, 'restored'), NOT_RESTORED),
  refused: (journal) => [...journal.slice(0, 3), REFUSED],
  'aborted before anything was touched': (journal) => [...journal.slice(0, 3), aborted(5)],
} as const satisfies Record<string, (journal: readonly Entry[]) => readonly Entry[]>;

const NAMES = Object.keys(ENDS) as readonly (keyof typeof ENDS)[];
const LIKELY = ['passed', 'passed', 'passed', 'rescued', 'failed'] as const;

/** A journal of a drill, numbered or not, that may have ended in any way, on any of a hundred days. */
export const mixedDrill: fc.Arbitrary<readonly Entry[]> = fc
  .record({
    end: fc.constantFrom(...NAMES, ...LIKELY),
    restoredAt: fc.integer({ min: 60_000, max: 800_000 }),
    triggerAt: fc.integer({ min: 18_000, max: 25_000 }),
    severity: fc.option(fc.constantFrom('notice', 'warning', 'serious'), { freq: 3 }),
    startedBy: fc.constantFrom('schedule', 'user/ana', 'user/bob', 'sso/carol@example.com', 'role/deployers'),
    days: fc.nat(100),
  })
  .map(({ end, restoredAt, triggerAt, severity, startedBy, days }) => {
    const found = ENDS[end](
      having(
        goodDrill(),
        restored(restoredAt / 1_000),
        trigger('checkout-fails', triggerAt / 1_000),
        ...(severity === null ? [] : [gap(severity)]),
      ),
    );
    return later(found, days).map((entry) => (entry.kind === 'opened' ? { ...entry, startedBy } : entry));
  });

function gap(severity: 'notice' | 'warning' | 'serious'): Entry {
  const told = { code: 'mutable-tag', message: 'the tag can be moved', evidence: 'shop:v4' };
  return { kind: 'gap', key: 'gap', severity, ...told };
}

/** The same journal so many days later. */
function later(journal: readonly Entry[], days: number): readonly Entry[] {
  return JSON.parse(JSON.stringify(journal), (_, value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
      ? new Date(Date.parse(value) + days * DAY_MS).toISOString()
      : value,
  );
}
