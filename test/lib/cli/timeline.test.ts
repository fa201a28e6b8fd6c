import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeline } from '../../../lib/cli/timeline.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import { at, beforeEntry, fault, goodDrill, mark, ms } from '../drill/fixtures/journal.ts';
import { drillOf } from './fixtures/drills.ts';
import { Pipe, Screen } from './fixtures/screen.ts';

beforeEach(() => {
  for (const name of ['NO_COLOR', 'CI', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});

afterEach(() => vi.unstubAllEnvs());

/** Shows the drill after every entry, a second each, and ends. */
function play(out: Screen, journal: readonly Entry[] = goodDrill()): void {
  const shown = timeline(out, ms(0));
  for (let entries = 1; entries <= journal.length; entries++)
    shown.show(drillOf(journal, entries), ms(entries));
  shown.end();
}

test('prints no line twice, however often it is shown', () => {
  const out = new Pipe();
  const shown = timeline(out, ms(0));
  for (let time = 1; time < 5; time++) shown.show(drillOf(), ms(2_000 + time));
  shown.end();
  const lines = out.text.trimEnd().split('\n');
  expect(new Set(lines).size).toBe(lines.length);
});

test('never lets the times in front run backwards, and names the own time of an earlier mark', () => {
  const out = new Pipe();
  play(out, beforeEntry(goodDrill(), 'all-clear', mark('badServing', 3, { key: 'late', source: 'probe' })));
  const times = [...out.text.matchAll(/^\[ *([\d.]+)s\]/gm)].map(([, seconds]) => Number(seconds));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(out.text).toContain('badServing at 3.00s (probe)');
});

test('lets no text of a plan or a target act on the terminal', () => {
  const evil = 'x\x1b[2J\x1b]0;owned\x07\u202e\nforged line\r[ 0.00s] SealReceipt passed';
  const journal = beforeEntry(goodDrill(), 'closing', {
    kind: 'gap',
    key: 'gap',
    code: 'c',
    severity: 'serious',
    message: evil,
    evidence: '',
  });
  for (const out of [new Pipe(), new Screen(100, 40)]) {
    const shown = timeline(out, ms(0));
    shown.show({ ...drillOf(journal), opened: { ...drillOf().opened, target: evil } }, ms(5));
    shown.end();
    for (const forbidden of ['\x1b[2J', '\x1b]', '\x07', '\u202e', '\r['])
      expect(out.text).not.toContain(forbidden);
    expect(out.shown.lines.join('\n')).not.toMatch(/^(forged line|.{0,3}0\.00s\] SealReceipt)/m);
  }
});

test('writes no colours and no cursor movements into a pipe, with NO_COLOR, in CI, or on a dumb terminal', () => {
  const plain = new Pipe();
  play(plain);
  for (const [name, value] of [
    ['NO_COLOR', '1'],
    ['CI', 'true'],
    ['TERM', 'dumb'],
  ] as const) {
    vi.stubEnv(name, value);
    const out = new Screen();
    play(out);
    expect(stripVTControlCharacters(out.text)).toBe(plain.text);
    expect(out.text).not.toContain('\x1b[K');
    vi.unstubAllEnvs();
  }
  expect(plain.text).not.toContain('\x1b');
});

test('tells the trigger with its arithmetic, the path and the restoration in plain lines', () => {
  const out = new Pipe();
  play(out);
  expect(out.text).toMatch(
    /^\[ *[\d.]+s\] AwaitTrigger {5}checkout-fails: 3 of the last 3 probes failed ≥ 3$/m,
  );
  expect(out.text).toMatch(/^\[ *[\d.]+s\] RollBack {9}ecs-stop-deployment accepted/m);
  expect(out.text).toMatch(/^\[ *[\d.]+s\] AwaitRestored {4}restored at 200\.00s: 6 greens/m);
});

test.each([
  [80, 24],
  [40, 10],
  [20, 4],
  [8, 3],
  [200, 60],
])('never leaves a terminal of %i × %i while it draws, and leaves one picture behind', (columns, rows) => {
  const out = new Screen(columns, rows);
  const shown = timeline(out, ms(0));
  const journal = goodDrill();
  for (let entries = 1; entries <= journal.length; entries++) {
    shown.show(drillOf(journal, entries), ms(entries));
    expect(out.shown.scrolled).toBe(0);
    expect(out.shown.lines.length).toBeLessThan(rows);
  }
  shown.end();
  const heads = out.shown.lines.filter((line) => line.startsWith('ecs:s'));
  expect(heads).toHaveLength(1);
  if (columns >= 40) expect(out.shown.lines.filter((line) => line.includes('AwaitTrigger'))).toHaveLength(1);
});

test('draws at most ten times a second', () => {
  const out = new Screen();
  const shown = timeline(out, ms(0));
  for (let time = 0; time < 1_000; time += 10) shown.show(drillOf(goodDrill(), 5), ms(0) + time);
  expect(out.written.length).toBeLessThanOrEqual(10);
  shown.end();
});

test('gives the cursor back, and leaves no listener behind', () => {
  const listeners = process.listenerCount('exit');
  const out = new Screen();
  const shown = timeline(out, ms(0));
  shown.show(drillOf(goodDrill(), 5), ms(1));
  expect(out.shown.cursorIsVisible).toBe(false);
  expect(process.listenerCount('exit')).toBe(listeners + 1);
  shown.end();
  expect(out.shown.cursorIsVisible).toBe(true);
  expect(process.listenerCount('exit')).toBe(listeners);
});

test('gives nothing back that it never took', () => {
  const out = new Screen();
  timeline(out, ms(0)).end();
  expect(out.text).toBe('');
});

test('shows what broke as broken', () => {
  const out = new Screen(100, 40);
  play(out, beforeEntry(goodDrill(), 'step/AwaitRestored', fault('RollBack')));
  expect(out.shown.lines.find((line) => line.includes('RollBack '))).toMatch(/^✗/);
});

test('has a row for every state with its duration, and the moments that matter', () => {
  const out = new Screen(120, 40);
  play(out);
  const { lines } = out.shown;
  expect(lines.find((line) => line.includes('AwaitRestored'))).toMatch(
    /^✓ AwaitRestored +188\.90s .*restored at 200\.00s/,
  );
  expect(lines.find((line) => line.includes('triggerObserved'))).toContain('25.00s');
  expect(lines[0]).toContain('#003');
});

test('keeps every state of a drill that visits one twice', () => {
  const again: Entry = {
    kind: 'step',
    key: 'step/RollBack/2',
    name: 'RollBack',
    attempt: 2,
    enteredAt: at(210),
    executions: 1,
  };
  const out = new Screen(120, 40);
  play(out, beforeEntry(goodDrill(), 'step/Validate', again));
  expect(out.shown.lines.filter((line) => line.includes('RollBack '))).toHaveLength(2);
});
