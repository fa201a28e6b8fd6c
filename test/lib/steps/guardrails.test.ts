import { describe, expect, test } from 'vitest';
import type { GuardrailPorts } from '../../../lib/steps/guardrails.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, PASSING, type Rig, startRig } from '../../fixtures/rig.ts';

const SHARED = [
  'last-healthy-image',
  'known-bad-image',
  'settled',
  'environment',
  'time-window',
  'change-freeze',
  'change-calendar',
  'missed-schedule',
  'side-effect-census',
  'safety-switch',
  'alarms',
  'dependencies',
  'notification-channel',
];

const GUARDED = planWith([
  'stabilise: 60s',
  `stabilise: 60s
guardrails:
  changeCalendars: [ops]
  alarms: [errors]
  settledFor: 10m
  dependencies: [{ name: payments, url: 'https://pay.example/' }]
stopConditions: { alarms: [orders] }`,
]);

async function refused(rig: Rig, when: 'start' | 'last' = 'start'): Promise<readonly string[]> {
  const entries = await rig.entries('guardrail');
  const here = entries.filter(({ key }) => key.startsWith(`guardrail/${when}/`));
  return here.filter(({ verdict }) => verdict === 'refused').map(({ name, reason }) => `${name}: ${reason}`);
}

function wellAround(rig: Rig): void {
  rig.surroundings.calendars.set('ops', 'OPEN');
  for (const alarm of ['errors', 'orders']) rig.surroundings.alarms.set(alarm, 'OK');
}

test('no guardrail is left out of the record, at the start and once more before the known-bad release', async () => {
  const rig = await drillAt('armed');
  const entries = await rig.entries('guardrail');
  const namesAt = (when: string) =>
    entries.filter(({ key }) => key.startsWith(`guardrail/${when}/`)).map(({ name }) => name);
  expect(namesAt('start').toSorted()).toEqual([...SHARED, 'target-active'].toSorted());
  expect(namesAt('last').toSorted()).toEqual([...SHARED, 'unchanged', 'emergency-record'].toSorted());
});

describe('a reading that fails refuses, and every other guardrail is told all the same', () => {
  const denied = Object.assign(new Error('not authorised'), { name: 'AccessDeniedException' });

  test.each<[port: keyof GuardrailPorts, guardrails: readonly string[]]>([
    ['safetySwitch', ['safety-switch']],
    ['alarms', ['alarms']],
    ['calendars', ['change-calendar']],
    ['channels', ['notification-channel']],
    ['dependencies', ['dependencies']],
    ['images', ['known-bad-image', 'last-healthy-image']],
  ])('%s', async (port, guardrails) => {
    const rig = await drillAt('locked', { plan: GUARDED });
    wellAround(rig);
    rig.surroundings.broken.set(port, denied);
    await rig.steps.checkGuardrails();
    expect(rig.told('CheckGuardrails')).toMatchObject({ kind: 'refused' });
    expect((await refused(rig)).toSorted()).toEqual(
      guardrails.map((name) => `${name}: could not be read: AccessDeniedException: not authorised`),
    );
    expect(await rig.entries('guardrail')).toHaveLength(SHARED.length + 1);
    expect(await rig.entries('captured')).toEqual([]);
  });

  test('the target itself', async () => {
    const rig = await drillAt('locked', {
      through: (ports) => ({
        ...ports,
        target: (plan) => ({ ...ports.target(plan), capture: () => Promise.reject(denied) }),
      }),
    });
    await rig.steps.checkGuardrails();
    expect(await refused(rig)).toEqual(['target: could not be read: AccessDeniedException: not authorised']);
  });

  test('but a moment’s trouble refuses no drill', async () => {
    const rig = await drillAt('locked');
    rig.surroundings.broken.set('channels', denied);
    const checked = rig.steps.checkGuardrails();
    rig.clock.sleep(100).then(() => rig.surroundings.broken.clear());
    await checked;
    expect(await refused(rig)).toEqual([]);
  });

  test('a reading that never ends is not waited for', async () => {
    const rig = await drillAt('locked', {
      through: (ports) => ({ ...ports, channels: () => new Promise(() => {}) }),
    });
    const before = rig.clock.now();
    await rig.steps.checkGuardrails();
    expect(rig.clock.now() - before).toBe(6_000);
    expect(await refused(rig)).toEqual([
      'notification-channel: could not be read: TimeLimitExceeded: no answer within 6000 ms',
    ]);
  });
});

describe('refuses before anything is touched', () => {
  test.each<[title: string, guardrail: string, spoil: (rig: Rig) => unknown]>([
    [
      'a safety switch that is on',
      'safety-switch',
      ({ surroundings }) => Object.assign(surroundings, { safetySwitch: { kind: 'on', reason: 'x' } }),
    ],
    ['an alarm of the plan', 'alarms', ({ surroundings }) => surroundings.alarms.set('errors', 'ALARM')],
    [
      'an alarm that could stop nothing later',
      'alarms',
      ({ surroundings }) => surroundings.alarms.delete('orders'),
    ],
    [
      'a closed change calendar',
      'change-calendar',
      ({ surroundings }) => surroundings.calendars.set('ops', 'CLOSED'),
    ],
    [
      'a dependency that is down',
      'dependencies',
      ({ surroundings }) => surroundings.dependencies.set('payments', 'status 503'),
    ],
    [
      'a topic that reaches nobody',
      'notification-channel',
      ({ surroundings }) => Object.assign(surroundings.channel, { confirmed: 0 }),
    ],
    [
      'an environment that is not for drills',
      'environment',
      ({ surroundings }) => surroundings.environments.splice(0),
    ],
    [
      'an image that is gone',
      'last-healthy-image',
      ({ surroundings }) => surroundings.images.set('shop@sha256:beef', { kind: 'missing', reason: 'gone' }),
    ],
    [
      'a target that was just deployed',
      'settled',
      ({ service, clock }) =>
        Object.assign(service.facts, { lastDeployedAt: new Date(clock.now()).toISOString() }),
    ],
  ])('%s', async (_, guardrail, spoil) => {
    const rig = await drillAt('locked', { plan: GUARDED });
    wellAround(rig);
    spoil(rig);
    await rig.steps.checkGuardrails();
    const told = await refused(rig);
    expect(told).toEqual([expect.stringContaining(`${guardrail}: `)]);
    expect(rig.told('CheckGuardrails')).toEqual({ kind: 'refused', reason: told[0] });
    expect(await rig.steps.sealReceipt()).toMatchObject({ outcome: 'refused' });
    expect(rig.service.effects).toEqual([]);
  });

  test.each<[title: string, guardrail: string, spoil: (rig: Rig) => unknown]>([
    [
      'a safety switch that was set meanwhile',
      'safety-switch',
      ({ surroundings }) => Object.assign(surroundings, { safetySwitch: { kind: 'missing' } }),
    ],
    [
      'an alarm that went off meanwhile',
      'alarms',
      ({ surroundings }) => surroundings.alarms.set('orders', 'ALARM'),
    ],
    [
      'a known-bad image that was removed meanwhile',
      'known-bad-image',
      ({ surroundings }) => surroundings.images.set('shop:v5', { kind: 'missing', reason: 'gone' }),
    ],
  ])('%s, and does not number the drill', async (_, guardrail, spoil) => {
    const rig = startRig({ plan: GUARDED });
    wellAround(rig);
    await rig.steps.loadPlan();
    await rig.clock.advance(100);
    await rig.steps.lockTarget();
    await rig.steps.checkGuardrails();
    await rig.watch(8_000);
    await rig.steps.awaitApproval();
    spoil(rig);
    expect(await rig.steps.armWatchdog()).toMatchObject({ kind: 'refused' });
    expect(await refused(rig, 'last')).toEqual([expect.stringContaining(`${guardrail}: `)]);
    expect(await rig.entries('numbered')).toEqual([]);
    expect(rig.stores.schedules.size).toBe(0);
  });
});

test('a target with hooks and no second line is offered one, as a gap that refuses nothing', async () => {
  const rig = await drillAt('locked');
  rig.service.facts.hooks = { count: 1, pauses: [], offer: 'aws ecs update-service …' };
  await rig.steps.checkGuardrails();
  expect(await rig.entries('gap')).toMatchObject([{ code: 'second-line', severity: 'notice' }]);
  expect(await refused(rig)).toEqual([]);
});

test.each([
  ['GuardrailRefused', '1 session waits', '1 session waits'],
  ['DatabaseTrouble', 'connection refused', 'could not be read: DatabaseTrouble: connection refused'],
])('what is measured before the drill refuses it: %s', async (name, message, reason) => {
  const before = async () => Promise.reject(Object.assign(new Error(message), { name }));
  const measured = planWith(
    ["steps: [{ name: look, url: 'https://shop.example/search' }]", ''],
    ['name: search\n    kind: synthetic-transaction', 'name: search\n    kind: configuration'],
  );
  const rig = await drillAt('locked', { plan: measured, validator: { ...PASSING, before } });
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')).toEqual({ kind: 'refused', reason: `validation-search: ${reason}` });
  expect(await rig.entries('captured')).toEqual([]);
});

test('a last healthy release that a tag names is a gap before anything has moved, and refuses nothing', async () => {
  const rig = await drillAt('locked');
  rig.service.facts.lastHealthyImages = [{ image: 'shop:v4', digest: 'sha256:beef' }];
  await rig.steps.checkGuardrails();
  expect(await rig.entries('gap')).toMatchObject([
    { code: 'mutable-image-tag', severity: 'notice', evidence: 'shop:v4, by digest shop@sha256:beef' },
  ]);
  expect(await refused(rig)).toEqual([]);
});

test('guardrails that the plan does not ask for read nothing', async () => {
  const rig = await drillAt('locked');
  await rig.steps.checkGuardrails();
  expect(Object.fromEntries(rig.surroundings.reads)).toEqual({ channels: 1, images: 2, safetySwitch: 1 });
});
