import { afterEach, beforeEach, expect, test } from 'vitest';
import { safetySwitch } from '../../../lib/cli/safety-switch.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, numbered, store } from './fixtures/records.ts';

let at: Directory;

beforeEach(async () => {
  at = await directory();
});

afterEach(() => at[Symbol.asyncDispose]());

test.each([
  [['maybe'], "The safety switch is on or off; received 'maybe'."],
  [['on', 'off'], "The safety switch is on or off; received 'on off'."],
  [['off', '--reason', 'x'], '--reason says why the safety switch is on'],
])('does not take %j', async (args, message) => {
  const { exitCode, err } = await runs(safetySwitch, at.path, ...args);
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(message) });
});

test('that nobody has set lets no drill start, and says how to set it', async () => {
  const { exitCode, out } = await runs(safetySwitch, at.path);
  expect(exitCode).toBe(0);
  expect(out).toContain('is not there.');
  expect(out).toContain("'drill safety-switch off' makes it");
});

test('that is set stays set, with its reason and by whom, and tells which open drills it stops', async () => {
  await store(at.path, async () => {
    await numbered({ id: 'open-drill', hour: 1 }, goodDrill().slice(0, 12));
  });
  const on = await runs(safetySwitch, at.path, 'on', '--reason', 'incident 4711');
  expect(on).toMatchObject({ exitCode: 0, err: '' });
  expect(on.out).toContain('is on: incident 4711 (set by ');
  expect(on.out).toContain('Stops drill open-drill');
  const shown = await runs(safetySwitch, at.path, '--json');
  expect(JSON.parse(shown.out)).toMatchObject({
    parameter: '/rollback-drills/safety-switch',
    kind: 'on',
    reason: expect.stringContaining('incident 4711'),
    stopped: [],
  });
});

test('can be switched off again where no drill ever ran', async () => {
  await runs(safetySwitch, at.path, 'on');
  const { out } = await runs(safetySwitch, at.path, 'off');
  expect(out).toContain('is off.\nDrills may run.');
});
