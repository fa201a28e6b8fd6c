import { expect, test } from 'vitest';
import { statisticsPage } from '../../../lib/cli/statistics-page.ts';
import { answerFrom } from '../../../lib/drill/statistics/answer.ts';
import { noStatistics, statisticsOfAll } from '../../../lib/drill/statistics/statistics.ts';
import { receipt } from '../drill/fixtures/told-receipts.ts';
import { Pipe, Screen } from './fixtures/screen.ts';

const HOSTILE = 'ecs:\u001b[2J\u202eshop/<script>\u0007\u009b31m\nrow';
const ASKED = {
  asOf: Date.parse('2026-03-01T00:00:00.000Z'),
  window: { kind: 'all' },
  production: { value: { deployments: 40, realRollbacks: 3, countedSince: '2026-01-01T00:00:00.000Z' } },
  path: { changed: true, reason: `plan ${HOSTILE} is another` },
} as const;

function pageOf(...drills: readonly Parameters<typeof receipt>[0][]) {
  const receipts = drills.map((drill, at) => receipt({ number: at + 1, ...drill }));
  const statistics = { ...statisticsOfAll(HOSTILE, receipts), target: HOSTILE };
  return statisticsPage([answerFrom(statistics, ASKED)], new Pipe());
}

test('text of a plan or a target moves no cursor and turns no reading direction', () => {
  const page = pageOf({}, {});
  expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(page.split('\n')[0]).toContain('ecs:shop/<script> row');
});

test('shows dashes with their reason where nothing is known, and no zero', () => {
  const page = statisticsPage([answerFrom(noStatistics('ecs:a/b'), ASKED)], new Pipe());
  expect(page).toMatch(/rollback speed +— it is known of no drill that counts/);
  expect(page).toMatch(/last pass +— no drill has passed/);
  expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
});

test('shows one unknown speed as a dot among the others, and what happens in production apart', () => {
  const page = pageOf({ speedMs: 100_000 }, { speedMs: null, outcome: 'not-restored' }, { speedMs: 50_000 });
  expect(page).toContain('█·▄  the last 3 drills, the newest right');
  expect(page.replaceAll(/\s+/g, ' ')).toContain(
    '40 deployments, 3 real rollbacks, 0.075 per deployment; since 2026-01-01, without drills',
  );
  expect(page).toMatch(/rollback path +changed since it was rehearsed/);
});

test('tells how the speed went in durations and percents', () => {
  const speeds = [200, 200, 200, 100, 100, 100, 100, 100, 150].map((seconds) => ({
    speedMs: 1_000 * seconds,
  }));
  const page = pageOf(...speeds).replaceAll(/\s+/g, ' ');
  expect(page).toContain(
    'trend faster: median 1 min 40.0 s of the last 5, 3 min 20.0 s of the 4 before: 50 % faster; up to 10 % is steady',
  );
  expect(page).toContain(
    'regression yes: 2 min 30.0 s in drill 9, median 1 min 40.0 s of the 8 before: 50 % slower; up to 20 % slower is none',
  );
});

test('leaves the figures in sight on a terminal, behind what they are, and begins with them elsewhere', () => {
  const answers = [answerFrom(noStatistics('ecs:a/b'), ASKED)];
  const [screen, pipe] = [new Screen(80), new Pipe()].map((out) => statisticsPage(answers, out));
  const isAfter = (page = '') => page.indexOf('ecs:a/b') > page.indexOf('What the figures are');
  expect([isAfter(screen), isAfter(pipe)]).toEqual([true, false]);
});
