import { beforeEach, describe, expect, test } from 'vitest';
import { iso } from '../../../lib/drill/clock.ts';
import { observeEvent } from '../../../lib/steps/observe-event.ts';
import { calmSurroundings, type Surroundings } from '../../fixtures/memory/surroundings.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';

const ALARMED = planWith(
  ['smoke failed 3 times running', 'smoke failed 90 times running'],
  ['smoke failed 1 times running', 'smoke failed 91 times running'],
  [
    'detectWithin: 2m',
    `  - { name: too-many-5xx, observedBy: alarm, condition: shop-5xx, action: roll-back, budget: 5m }
  - { name: data-lost, observedBy: alarm, condition: shop-data, action: page-only, budget: 5m }
detectWithin: 2m`,
  ],
);

let surroundings: Surroundings;
beforeEach(() => {
  surroundings = calmSurroundings();
  surroundings.alarms.set('shop-5xx', 'OK').set('shop-data', 'OK');
});

async function awaiting(): Promise<Rig> {
  const rig = await drillAt('deployed', { plan: ALARMED, surroundings });
  await rig.steps.awaitTrigger();
  return rig;
}

function goesToAlarm(name: string, atMs: number): void {
  surroundings.alarms.set(name, 'ALARM');
  surroundings.alarmsSince.set(name, iso(atMs));
}

function event(alarmName: string, atMs: number, value: 'ALARM' | 'OK' = 'ALARM') {
  const timestamp = iso(atMs).replace('Z', '+0000');
  return {
    'detail-type': 'CloudWatch Alarm State Change' as const,
    resources: [`arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarmName}`],
    detail: { alarmName, state: { value, reason: 'Threshold Crossed: 2 datapoints', timestamp } },
  };
}

describe('an alarm is no trigger', () => {
  test('of a drill that does not name it', async () => {
    const rig = await awaiting();
    expect(await observeEvent(rig.ports, event('another', rig.clock.now()))).toMatchObject({
      observed: false,
    });
    expect(rig.told('AwaitTrigger')).toBeUndefined();
  });

  test('when it went to ALARM before the known-bad release was deployed', async () => {
    const rig = await awaiting();
    const [deployed] = await rig.entries('mark');
    await observeEvent(rig.ports, event('shop-5xx', Date.parse(deployed?.at ?? '') - 1));
    expect(await rig.entries('trigger')).toEqual([]);
  });

  test('when it goes back to OK', async () => {
    const rig = await awaiting();
    await observeEvent(rig.ports, event('shop-5xx', rig.clock.now(), 'OK'));
    expect(rig.told('AwaitTrigger')).toBeUndefined();
  });

  test('before a known-bad release is deployed: then it refuses the drill', async () => {
    goesToAlarm('shop-5xx', 0);
    const rig = await drillAt('locked', { plan: ALARMED, surroundings });
    await rig.steps.checkGuardrails();
    expect(rig.told('CheckGuardrails')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('shop-5xx is ALARM'),
    });
  });
});

describe('an alarm is a trigger at the time that CloudWatch gives', () => {
  test('when an event tells it, however often', async () => {
    const rig = await awaiting();
    await rig.watch(3_000);
    const at = rig.clock.now() - 700;
    expect(await observeEvent(rig.ports, event('shop-5xx', at))).toMatchObject({ observed: true });
    await observeEvent(rig.ports, event('shop-5xx', at + 5_000));
    expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
    expect(await rig.entries('trigger')).toMatchObject([
      { won: true, trigger: { name: 'too-many-5xx', observedBy: 'alarm', at: iso(at), source: 'event' } },
    ]);
  });

  test('when the event came before the token', async () => {
    const rig = await drillAt('deployed', { plan: ALARMED, surroundings });
    goesToAlarm('shop-5xx', rig.clock.now());
    await rig.steps.awaitTrigger();
    expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
  });

  test('when its event is lost: the witness reads it a few seconds later', async () => {
    const rig = await awaiting();
    const at = rig.clock.now() + 1_000;
    goesToAlarm('shop-5xx', at);
    await rig.watch(12_000);
    expect(await rig.entries('trigger')).toMatchObject([
      { won: true, trigger: { at: iso(at), source: 'api' } },
    ]);
  });

  test('also when it comes in the quiet period: then it is kept beside the one that won', async () => {
    const rig = await drillAt('restored', { plan: ALARMED, surroundings });
    await rig.steps.stabilise();
    await observeEvent(rig.ports, event('shop-5xx', rig.clock.now()));
    const kept = (await rig.entries('trigger')).filter(({ trigger }) => trigger.name === 'too-many-5xx');
    expect(kept).toMatchObject([{ won: false }]);
  });
});

test('alarms that cannot be read end nothing, and are a gap once', async () => {
  const rig = await awaiting();
  surroundings.broken.set('alarms', new Error('access denied'));
  await rig.watch(20_000);
  expect(await rig.entries('gap')).toMatchObject([{ code: 'trigger-unreadable', severity: 'notice' }]);
});

test('an alarm that only pages, pages once, and rolls nothing back', async () => {
  const rig = await awaiting();
  await observeEvent(rig.ports, event('shop-data', rig.clock.now()));
  await rig.watch(5_000);
  await rig.watch(5_000);
  const pages = rig.announced.filter(({ subject }) => subject.startsWith('PAGE'));
  expect(pages).toMatchObject([{ subject: 'PAGE: trigger data-lost of drill drill-1' }]);
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});
