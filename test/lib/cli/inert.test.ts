import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { list } from '../../../lib/cli/list.ts';
import { show } from '../../../lib/cli/show.ts';
import { statisticsPage } from '../../../lib/cli/statistics-page.ts';
import { stats } from '../../../lib/cli/stats.ts';
import { summary } from '../../../lib/cli/summary.ts';
import { timeline } from '../../../lib/cli/timeline.ts';
import { recordFrom } from '../../../lib/drill/record.ts';
import { answerFrom } from '../../../lib/drill/statistics/answer.ts';
import { statisticsOfAll } from '../../../lib/drill/statistics/statistics.ts';
import { ms } from '../drill/fixtures/journal.ts';
import { HARMLESS, HOSTILE, journalSaying, receiptSaying } from '../report/fixtures/hostile.ts';
import { runs } from './fixtures/command.ts';
import { drillOf } from './fixtures/drills.ts';
import { type Directory, directory, numbered, refused, sealed, store } from './fixtures/records.ts';
import { Pipe, Screen } from './fixtures/screen.ts';

beforeEach(() => {
  for (const name of ['NO_COLOR', 'CI', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});

const MOST_CHARACTERS = 200_000;

/** Colours, and what the live timeline draws with. */
const ESCAPE = '\x1b';
const OWN = new RegExp(
  `${ESCAPE}\\[\\?7l\r(?:${ESCAPE}\\[\\d+A)?|${ESCAPE}\\[(?:[\\d;]*m|\\?25[hl]|\\?7h|\\?2026[hl]|K|J)`,
  'g',
);

/** What the product writes of a drill in which every text of others says this. */
const SCREENS: Readonly<Record<string, (text: string, out: Screen) => void>> = {
  'the summary of a receipt': (text, out) => out.write(summary(receiptSaying(text), out)),
  'the summary of a record': (text, out) => out.write(summary(recordFrom(journalSaying(text)), out)),
  'the timeline': (text, out) => {
    const journal = journalSaying(text);
    const drill = drillOf(journal);
    const plan = { ...drill.plan, triggers: drill.plan.triggers.map((one) => ({ ...one, name: text })) };
    const shown = timeline(out, ms(0));
    for (const entries of [journal.length >> 1, journal.length])
      shown.show({ ...drillOf(journal, entries), plan }, ms(entries));
    shown.end();
  },
  statistics: (text, out) => {
    const answer = answerFrom(statisticsOfAll(text, [receiptSaying(text)]), {
      asOf: ms(0),
      window: { kind: 'all' },
      production: { value: null, reason: text },
      path: { changed: true, reason: text },
    });
    out.write(statisticsPage([{ ...answer, target: text, dominantStep: { name: text, share: 1 } }], out));
  },
};

describe.each(Object.entries(SCREENS))('%s', (_, write) => {
  test.each(Object.entries(HOSTILE))(
    'moves no cursor and forges no line, whatever there is: %s',
    (_, text) => {
      const [pipe, screen, harmless] = [new Pipe(), new Screen(100, 60), new Pipe()];
      for (const out of [pipe, screen]) write(text, out);
      write(HARMLESS, harmless);
      for (const written of [pipe.text, screen.text.replaceAll(OWN, '')]) {
        expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(written.length).toBeLessThan(MOST_CHARACTERS);
      }
      expect(beginnings(pipe)).toBeLessThanOrEqual(beginnings(harmless));
    },
  );
});

/** Lines that begin at the left edge, where titles do and a text that is too long never does. */
function beginnings({ text }: Pipe): number {
  return text.split('\n').filter((line) => /^\S/.test(line)).length;
}

describe('commands on records', () => {
  const SHORT = Object.values(HOSTILE).filter((text) => text.length < 200);
  const EVERYTHING = SHORT.toReversed().join('').toWellFormed();
  /** No key of a table or an archive holds more. */
  const TARGET = `ecs:shop/forged ${EVERYTHING.replaceAll(/[\0/#]/g, '').slice(0, 350)}`;

  let at: Directory;
  beforeAll(async () => {
    at = await directory();
    await store(at.path, async () => {
      await sealed({ id: 'sealed', hour: 1, target: TARGET }, journalSaying(EVERYTHING));
      await refused({ id: 'refused', hour: 2, target: TARGET }, journalSaying(EVERYTHING));
      await numbered({ id: 'open', hour: 3, target: TARGET }, journalSaying(EVERYTHING).slice(0, 20));
    });
  });
  afterAll(() => at[Symbol.asyncDispose]());

  test.each([
    ['list', []],
    ['list', ['--json']],
    ['stats', []],
    ['stats', ['--json']],
    ['stats', ['--json', '--last', '3']],
    ...['sealed', 'refused'].flatMap((id) =>
      [[], ['--json'], ['--md'], ['--html']].map((form) => ['show', [id, ...form]] as const),
    ),
    ['show', ['open']],
    ['show', ['open', '--json']],
  ] as const)('write nothing that acts on a terminal: %s %j', async (name, args) => {
    const command = { list, show, stats }[name];
    const { exitCode, out } = await runs(command, at.path, ...args);
    expect(exitCode).toBe(0);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(out).toContain('forged');
  });

  test('say nothing that acts on a terminal of what they do not know', async () => {
    for (const command of [show, list, stats]) {
      const { exitCode, out, err } = await runs(command, at.path, EVERYTHING);
      expect([exitCode, out]).toEqual([2, '']);
      expect(err).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
