import { describe, expect, test } from 'vitest';
import type { DrillRequest, DrillStarts, Plans } from '../../../lib/ports/drills.ts';
import { startDrill } from '../../../lib/steps/start-drill.ts';
import { planWith } from '../../fixtures/plan.ts';
import { simulatedClock } from '../../fixtures/simulated-clock.ts';

const NINE = '2026-11-24T09:00:00Z';
const DUE = { plan: 'shop', scheduledAt: NINE };
const SCHEDULE = "schedule: { expression: 'cron(0 9 ? * TUE *)', startWithin: 20m }\n";

describe('a schedule that is due', () => {
  test('starts no second drill when it fires twice, also once the first one is over', async () => {
    const { ports, started, over } = starter();
    expect(await startDrill(ports, DUE)).toMatchObject({ kind: 'started' });
    expect(await startDrill(ports, DUE)).toMatchObject({ drillId: 'shop-20261124T090000000Z' });
    over('shop-20261124T090000000Z');
    expect(await startDrill(ports, DUE)).toMatchObject({ kind: 'already-started' });
    expect([...started.keys()]).toEqual(['shop-20261124T090000000Z']);
  });

  test('starts no drill when it missed its time by more than the plan allows, and somebody is told why', async () => {
    const { ports, started, announced } = starter({ afterMs: 20 * 60_000 + 1 });
    const { kind, drillId, reason } = await startDrill(ports, DUE);
    expect([kind, drillId]).toEqual(['missed', null]);
    expect(reason).toBe(`scheduled for ${NINE}, started 20m1ms later; at most 20m is allowed`);
    expect(started.size).toBe(0);
    expect(announced).toEqual([['Drill NOT STARTED: plan shop', expect.stringContaining(reason)]]);
    expect(announced[0]?.[1]).toContain('{"plan":"shop"}');
  });

  test('starts no drill of a plan that has no schedule any more', async () => {
    const { ports, started, announced } = starter({ plan: planWith() });
    expect(await startDrill(ports, DUE)).toMatchObject({ kind: 'missed' });
    expect([started.size, announced.length]).toEqual([0, 1]);
  });

  test('starts no drill of a plan that is not deployed, and fails, so that the event is kept', async () => {
    const { ports } = starter();
    await expect(startDrill(ports, { ...DUE, plan: 'gone' })).rejects.toMatchObject({ name: 'PlanNotFound' });
  });

  test('does not keep to itself that it was missed when nobody could be told', async () => {
    const { ports } = starter({ afterMs: 86_400_000 });
    const announcer = { announce: () => Promise.reject(new Error('no topic')) };
    await expect(startDrill({ ...ports, announcer }, DUE)).rejects.toThrow('no topic');
  });

  test('starts the drill of its plan, which tells who started it and for when', async () => {
    const { ports, started } = starter({ afterMs: 20 * 60_000 });
    await startDrill(ports, DUE);
    expect([...started]).toEqual([
      ['shop-20261124T090000000Z', { plan: 'shop', startedBy: 'schedule', scheduledAt: NINE }],
    ]);
  });
});

function starter({ afterMs = 0, plan = planWith(['detectWithin: 2m', `${SCHEDULE}detectWithin: 2m`]) } = {}) {
  const started = new Map<string, DrillRequest>();
  const ended = new Set<string>();
  const announced: (readonly [subject: string, message: string])[] = [];
  const plans: Plans = { load: async (name) => (name === 'shop' ? plan : undefined) };
  const starts: DrillStarts = {
    async start(drillId, request) {
      if (ended.has(drillId)) return 'taken';
      started.set(drillId, request);
      return 'started';
    },
  };
  const announcer = {
    announce: async (_: unknown, subject: string, message: string) => void announced.push([subject, message]),
  };
  const clock = simulatedClock(Date.parse(NINE) + afterMs);
  const ports = { plans, starts, announcer, clock };
  return { ports, started, announced, over: (drillId: string) => void ended.add(drillId) };
}
