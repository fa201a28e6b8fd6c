import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextSteps, type RollingUpdate, type TaskView } from '../../../sandbox/ecs/deployment.ts';

const task = fc.record({
  current: fc.boolean(),
  sameRevision: fc.boolean(),
  phase: fc.constantFrom<TaskView['phase'][]>('starting', 'healthy', 'stopping'),
  createdAt: fc.nat(1_000),
});

const update: fc.Arbitrary<RollingUpdate> = fc.record({
  desiredCount: fc.nat(12),
  minimumHealthyPercent: fc.nat(100),
  maximumPercent: fc.integer({ min: 100, max: 300 }),
  maySurge: fc.boolean(),
  tasks: fc
    .array(task, { maxLength: 30 })
    .map((found) => found.map((view, id) => ({ ...view, id: `${id}` }))),
});

const healthy = (tasks: readonly TaskView[]) => tasks.filter(({ phase }) => phase === 'healthy').length;
const floorOf = ({ desiredCount, minimumHealthyPercent }: RollingUpdate) =>
  Math.ceil((desiredCount * minimumHealthyPercent) / 100);
const ceilingOf = ({ desiredCount, maximumPercent }: RollingUpdate) =>
  Math.floor((desiredCount * maximumPercent) / 100);

test('its own stops never leave fewer healthy tasks than minimumHealthyPercent', () => {
  fc.assert(
    fc.property(update, (given) => {
      const { stop } = nextSteps(given);
      const before = healthy(given.tasks);
      const after = healthy(given.tasks.filter(({ id }) => !stop.includes(id)));
      expect(after).toBeGreaterThanOrEqual(Math.min(before, floorOf(given)));
    }),
  );
});

test('its own starts never make more tasks than maximumPercent, those on their way out included', () => {
  fc.assert(
    fc.property(update, (given) => {
      const { start } = nextSteps(given);
      expect(start).toBeGreaterThanOrEqual(0);
      if (start > 0) expect(given.tasks.length + start).toBeLessThanOrEqual(ceilingOf(given));
    }),
  );
});

test('it stops nothing twice, nothing unknown and nothing that is already on its way out', () => {
  fc.assert(
    fc.property(update, (given) => {
      const { stop } = nextSteps(given);
      const stoppable = given.tasks.filter(({ phase }) => phase !== 'stopping').map(({ id }) => id);
      expect(new Set(stop).size).toBe(stop.length);
      expect(stoppable).toEqual(expect.arrayContaining([...stop]));
    }),
  );
});

test('while halted it starts nothing, and stops no healthy task that is still needed', () => {
  fc.assert(
    fc.property(update, (given) => {
      const halted = { ...given, maySurge: false };
      const { start, stop } = nextSteps(halted);
      const after = healthy(given.tasks.filter(({ id }) => !stop.includes(id)));
      expect(start).toBe(0);
      expect(after).toBeGreaterThanOrEqual(Math.min(healthy(given.tasks), given.desiredCount));
    }),
  );
});

test('if every task does as it is told, the update comes to its end', () => {
  const movable = update.filter((given) => given.desiredCount === 0 || ceilingOf(given) > floorOf(given));
  fc.assert(
    fc.property(movable, (given) => {
      let state: RollingUpdate = { ...given, maySurge: true };
      for (let round = 0; round < 100 && !isOver(state); round += 1) state = oneRound(state, round);
      expect(isOver(state)).toBe(true);
    }),
  );
});

function isOver({ tasks, desiredCount }: RollingUpdate): boolean {
  return tasks.length === desiredCount && tasks.every(({ current, phase }) => current && phase === 'healthy');
}

/** Those stopping are gone, those starting are healthy, and what shall be started or stopped begins to be. */
function oneRound(state: RollingUpdate, round: number): RollingUpdate {
  const { start, stop } = nextSteps(state);
  const kept = state.tasks
    .filter(({ phase }) => phase !== 'stopping')
    .map((view): TaskView => ({ ...view, phase: stop.includes(view.id) ? 'stopping' : 'healthy' }));
  const started = Array.from(
    { length: start },
    (_, index): TaskView => ({
      id: `${round}-${index}`,
      current: true,
      sameRevision: true,
      phase: 'starting',
      createdAt: 2_000 + round,
    }),
  );
  return { ...state, tasks: [...kept, ...started] };
}

test('what is left behind is stopped before what is returned to', () => {
  const old = { current: false, phase: 'healthy', createdAt: 1 } as const;
  const { stop } = nextSteps({
    desiredCount: 2,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    maySurge: true,
    tasks: [
      { id: 'returned-to', sameRevision: true, ...old },
      { id: 'returned-to-as-well', sameRevision: true, ...old },
      { id: 'bad', sameRevision: false, ...old },
      { id: 'bad-as-well', sameRevision: false, ...old },
    ],
  });
  expect(stop).toEqual(['bad', 'bad-as-well']);
});
