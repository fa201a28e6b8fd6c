import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Holder } from '../../lib/ports/drills.ts';
import type { Signal } from '../../lib/ports/waits.ts';
import { counted, nameOf, note, observerOf } from './drills.ts';
import type { Waiting, World } from './world.ts';
import { WORLDS } from './worlds.ts';

describe.each(WORLDS)('waits (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  test('do not lose a signal that comes before its token', async () => {
    const [drill, waiting] = await drillAndWait();
    expect(await world.waits.signal(drill, 'AwaitTrigger', signal('early'), [])).toBe(true);
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    expect(await toldTo(waiting)).toEqual(signal('early'));
  });

  test('do not lose a token that comes before its signal', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    expect(await waiting.told()).toBeUndefined();
    expect(await world.waits.signal(drill, 'AwaitTrigger', signal('late'), [])).toBe(true);
    expect(await toldTo(waiting)).toEqual(signal('late'));
  });

  test('do not lose either when both come at once', async () => {
    const [drill, waiting] = await drillAndWait();
    await Promise.all([
      world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token),
      world.waits.signal(drill, 'AwaitTrigger', signal('at once'), []),
    ]);
    expect(await toldTo(waiting)).toEqual(signal('at once'));
  });

  test('let exactly one of many signals win, with its own entries and no others', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const first = await Promise.all(
      names.map((name) => world.waits.signal(drill, 'AwaitTrigger', signal(name), [note(name)])),
    );
    expect(counted(first)).toEqual(
      new Map([
        [true, 1],
        [false, 5],
      ]),
    );
    const winner = names[first.indexOf(true)] as string;
    expect(await toldTo(waiting)).toEqual(signal(winner));
    expect(await keysOf(drill)).toEqual(['opened', winner]);
  });

  test('keep a signal although somebody has recorded its entries already', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.journal.append(drill, [note('a', 'by an observer')]);
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    expect(await world.waits.signal(drill, 'AwaitTrigger', signal('kept'), [note('a'), note('b')])).toBe(
      true,
    );
    expect(await toldTo(waiting)).toEqual(signal('kept'));
    expect(await keysOf(drill)).toEqual(['opened', 'a', 'b']);
  });

  test('record no signal of a holder whose fence was raised', async () => {
    const [drill, waiting] = await drillAndWait();
    const { opened } = drill;
    await world.locks.acquire(opened.target, opened.drillId, 60_000);
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    const raised = await world.locks.raiseFence([opened.target], opened.drillId, 60_000);
    const late = world.waits.signal(
      { opened, fence: { [opened.target]: 1 } },
      'AwaitTrigger',
      signal('late'),
      [note('late')],
    );
    expect(await nameOf(late)).toBe('FenceRaised');
    expect(await waiting.told()).toBeUndefined();
    expect(await keysOf(drill)).toEqual(['opened']);
    expect(await world.waits.signal({ opened, fence: raised }, 'AwaitTrigger', signal('ours'), [])).toBe(
      true,
    );
  });

  test('take a doubled send as a benign one, and it changes nothing', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    await world.waits.signal(drill, 'AwaitTrigger', signal('once'), []);
    await world.waits.resend(idOf(drill), 'AwaitTrigger');
    await world.waits.heartbeat(idOf(drill), 'AwaitTrigger');
    expect(await world.waits.signal(drill, 'AwaitTrigger', signal('twice'), [note('twice')])).toBe(false);
    expect(await toldTo(waiting)).toEqual(signal('once'));
    expect(await keysOf(drill)).toEqual(['opened']);
  });

  test('take a send as benign that comes after the state has ended', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    await waiting.end();
    await world.waits.heartbeat(idOf(drill), 'AwaitTrigger');
    expect(await world.waits.signal(drill, 'AwaitTrigger', signal('late'), [])).toBe(true);
    expect(await waiting.told()).toBeUndefined();
  });

  test('tell the signal to a state that was entered again', async () => {
    const [drill, waiting] = await drillAndWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', waiting.token);
    await waiting.end();
    await world.waits.signal(drill, 'AwaitTrigger', signal('between'), []);
    const again = await world.startWait();
    await world.waits.open(idOf(drill), 'AwaitTrigger', again.token);
    expect(await toldTo(again)).toEqual(signal('between'));
  });

  test('of one drill or of two do not know each other', async () => {
    const [drill, waiting] = await drillAndWait();
    const other = await observerOf(world.journal);
    await world.waits.open(idOf(drill), 'AwaitRestored/1', waiting.token);
    await world.waits.signal(drill, 'AwaitRestored/2', signal('of another wait'), []);
    await world.waits.signal(other, 'AwaitRestored/1', signal('of another drill'), []);
    expect(await waiting.told()).toBeUndefined();
  });

  test('that nobody opened can be sent and kept alive', async () => {
    const drill = await observerOf(world.journal);
    await world.waits.resend(idOf(drill), 'Stabilise/1');
    await world.waits.heartbeat(idOf(drill), 'Stabilise/1');
  });

  async function drillAndWait(): Promise<readonly [Holder, Waiting]> {
    return [await observerOf(world.journal), await world.startWait()];
  }

  async function keysOf(drill: Holder): Promise<readonly string[]> {
    return (await world.journal.read(idOf(drill))).journal.map(({ key }) => key);
  }
});

function toldTo(waiting: Waiting): Promise<Signal> {
  return vi.waitUntil(() => waiting.told(), { timeout: 5_000, interval: 5 });
}

function signal(reason: string): Signal {
  return { kind: 'trigger', reason };
}

function idOf({ opened }: Holder): string {
  return opened.drillId;
}
