import { describe, expect, test } from 'vitest';
import { reportTrigger } from '../../../lib/steps/report-trigger.ts';
import { COMPLAINTS, identity, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt, type Rig } from '../../fixtures/rig.ts';

const PLAN = planAsking({ triggers: COMPLAINTS });

describe('a report is refused', () => {
  test('of a trigger that the plan has not, and says which it has', async () => {
    const rig = await drillAt('deployed', { plan: PLAN });
    expect(await reports(rig, 'complaint')).toEqual({
      kind: 'refused',
      reason: 'the plan has no trigger complaint; a person can report complaints or corrupted',
    });
  });

  test('of a trigger that others observe', async () => {
    const rig = await drillAt('deployed', { plan: PLAN });
    expect(await reports(rig, 'smoke-red')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('smoke-red is observed by probe'),
    });
    expect(await rig.entries('trigger')).toEqual([]);
  });

  test('in a plan where nobody reports anything', async () => {
    const rig = await drillAt('deployed');
    expect(await reports(rig, 'complaints')).toMatchObject({
      reason: 'the plan has no trigger complaints; none of the plan’s triggers is observed by a person',
    });
  });

  test('before the known-bad release is deployed', async () => {
    const rig = await drillAt('armed', { plan: PLAN });
    expect(await reports(rig, 'complaints')).toEqual({
      kind: 'refused',
      reason: 'the drill awaits no trigger; it is in ArmWatchdog',
    });
  });

  test('a second time', async () => {
    const rig = await drillAt('deployed', { plan: PLAN });
    await reports(rig, 'complaints');
    expect(await reports(rig, 'complaints')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^trigger complaints was reported at .* by user\/bob already$/),
    });
  });
});

test('the first one wins the wait, from the moment of the report, with who and why', async () => {
  const rig = await drillAt('deployed', { plan: PLAN });
  await rig.steps.awaitTrigger();
  const at = new Date(rig.clock.now()).toISOString();
  expect(await reports(rig, 'complaints')).toMatchObject({ kind: 'won' });
  expect(rig.told('AwaitTrigger')).toMatchObject({
    kind: 'trigger',
    reason: 'complaints: 40 calls in 5 minutes',
  });
  expect(await rig.entries('trigger')).toMatchObject([
    { won: true, trigger: { name: 'complaints', at, source: 'person', by: 'user/bob', budgetMs: 300_000 } },
  ]);
});

test('one that comes after another trigger is kept beside it', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  expect(await reports(rig, 'complaints')).toMatchObject({ kind: 'also-observed' });
  const kept = (await rig.entries('trigger')).find(({ trigger }) => trigger.name === 'complaints');
  expect(kept).toMatchObject({ won: false, trigger: { by: 'user/bob' } });
});

test('a report that only pages, pages, and rolls nothing back', async () => {
  const rig = await drillAt('deployed', { plan: PLAN });
  await rig.steps.awaitTrigger();
  expect(await reports(rig, 'corrupted')).toMatchObject({ kind: 'paged' });
  expect(rig.announced.at(-1)).toMatchObject({
    subject: 'PAGE: trigger corrupted of drill drill-1',
    message: 'reported by user/bob: 40 calls in 5 minutes',
  });
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});

function reports(rig: Rig, name: string) {
  return reportTrigger(rig.ports, DRILL_ID, { name, by: identity('bob'), evidence: '40 calls in 5 minutes' });
}
