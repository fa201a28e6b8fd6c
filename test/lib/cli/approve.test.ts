import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journal } from '../../../lib/adapters/aws/wiring/records.ts';
import { abort } from '../../../lib/cli/abort.ts';
import { approve } from '../../../lib/cli/approve.ts';
import { decide } from '../../../lib/cli/decide.ts';
import { trigger } from '../../../lib/cli/trigger.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import { at, goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, numbered, refused, store } from './fixtures/records.ts';
import { standing } from './fixtures/standing.ts';

const COMMANDS = [
  ['approve', approve, []],
  ['decide', decide, ['--roll-back']],
  ['trigger', trigger, ['--name', 'complaints']],
  ['abort', abort, []],
] as const;

const ASKED: Entry = {
  kind: 'approval-asked',
  key: 'approval-asked',
  at: at(5),
  until: '2999-01-01T00:00:00.000Z',
  people: 2,
  digest: 'sha256:feed',
  revision: 'rev-4',
};

let here: Directory;

beforeEach(async () => {
  here = await directory();
});

afterEach(() => here[Symbol.asyncDispose]());

describe.each(COMMANDS)('%s ends with 2 and what to do', (_, command, args) => {
  test('when no sandbox is up', async () => {
    expect(await runs(command, here.path, ...args)).toMatchObject({
      exitCode: 2,
      err: "No sandbox is up, so no drill is running. 'drill recover' finishes what was left.",
    });
  });

  test('when no drill is running, the named one is unknown or over, or several are running', async () => {
    await store(here.path, async () => {
      await refused({ id: 'over-drill', hour: 1 }, goodDrill().slice(0, 4));
    });
    await using _standing = await standing(here.path);
    const told = async (...named: readonly string[]) => {
      const { exitCode, err } = await runs(command, here.path, ...named, ...args);
      return `${exitCode}: ${err}`;
    };
    expect(await told()).toContain('2: No drill is running.');
    expect(await told('nobody')).toContain("2: There is no drill 'nobody'.");
    expect(await told('ecs:shop/web#009')).toContain("2: There is no drill 'ecs:shop/web#009'.");
    expect(await told('over-drill')).toContain('2: Drill over-drill is over: refused');
    expect(await told('one', 'two')).toBe('2: One drill at a time, received 2.');
    for (const id of ['first', 'second']) await numbered({ id, target: `ecs:shop/${id}`, hour: 2 }, WAITING);
    expect(await told()).toContain('2: 2 drills are running; name one of them: first, second.');
  });
});

test.each([
  [decide, [], 'Either --roll-back or --hold.'],
  [decide, ['--roll-back', '--hold'], 'Either --roll-back or --hold.'],
  [decide, ['--roll-back', '--for', '2m'], '--for says how long to hold'],
  [decide, ['--hold', '--for', 'long'], '--for: "long" is no duration.'],
  [trigger, [], 'Which trigger? --name'],
])('%o does not take %j', async (command, args, message) => {
  const { exitCode, err } = await runs(command, here.path, ...args);
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(message) });
});

describe('with a drill that waits for approvals', () => {
  test('the only one need not be named; what is approved is shown, and counted', async () => {
    await using _standing = await waiting();
    const { exitCode, out } = await runs(approve, here.path, '--as', 'bob');
    expect(exitCode).toBe(0);
    expect(out).toContain('Drill one, to be approved as user/bob:');
    expect(out).toContain('sha256:feed');
    expect(out).toContain('rev-4');
    expect(out).toContain('approved: 1 of 2 approvals');
  });

  test('one JSON document says who, what and why not, and the exit code is that of a refusal', async () => {
    await using _standing = await waiting();
    await runs(approve, here.path, '--as', 'role.deployers.first');
    const { exitCode, out, err } = await runs(
      approve,
      here.path,
      'one',
      '--as',
      'role.deployers.second',
      '--json',
    );
    expect({ exitCode, err }).toEqual({ exitCode: 21, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      drill: 'one',
      by: 'role/deployers',
      kind: 'refused',
      reason: expect.stringContaining('role/deployers has approved'),
      given: 1,
      needed: 2,
      target: 'ecs:shop/web',
      revision: 'rev-4',
    });
  });

  test('whom nobody vouches for is refused, but can still abort', async () => {
    await using _standing = await waiting();
    const service = 'role.AWSServiceRoleForECS.ecs';
    expect((await runs(approve, here.path, '--as', service)).exitCode).toBe(21);
    expect(await runs(decide, here.path, '--hold', '--as', service)).toMatchObject({
      exitCode: 21,
      err: expect.stringContaining('is no person that the organisation vouches for'),
    });
    expect(await runs(abort, here.path, '--as', service, '--reason', 'stop')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('nothing was touched'),
    });
    expect((await journal().read('one')).abort?.reason).toMatch(/^aborted by arn:aws:sts.*: stop$/);
  });

  test('a name that no user can have is told', async () => {
    await using _standing = await waiting();
    expect(await runs(approve, here.path, '--as', 'bob & carol')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("received 'bob & carol'"),
    });
  });
});

const WAITING = [...goodDrill().slice(0, 9), ASKED];

async function waiting(): Promise<AsyncDisposable> {
  await store(here.path, async () => {
    await numbered({ id: 'one', hour: 2 }, WAITING);
  });
  return standing(here.path);
}
