import { describe, expect, test } from 'vitest';
import { receiptFrom } from '../../../lib/drill/receipt.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { planFacts } from '../../../lib/steps/known-bad.ts';
import { targetContext } from '../../../lib/steps/target-context.ts';
import { planThroughPipeline, planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';
import { executionOf, RESOURCE } from '../../fixtures/scripted-service.ts';

const NOT_IN_TIME = { kind: 'fault', state: 'AwaitRestored', error: 'States.Timeout' } as const;
const SILENT = { kind: 'fault', state: 'AwaitRestored', error: 'States.HeartbeatTimeout' } as const;
const BAD_AGAIN = { kind: 'bad-again', reason: 'the known-bad release was seen' };
const DECIDED = { kind: 'roll-back', reason: 'a trigger' };

describe('never two at once', () => {
  test('does not call a second path while the first one is under way', async () => {
    const rig = await drillAt('rolling-back');
    await rig.clock.advance(1_000);
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });

  test.each([SILENT, { ...SILENT, error: 'Lambda.Unknown' }])(
    'does not take a wait that broke for a path that failed: the watchdog watches on ($error)',
    async (broken) => {
      const rig = await drillAt('rolling-back');
      expect(await rig.steps.rollBack(broken)).toMatchObject({ kind: 'unwatched' });
      expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
      expect(await failedPaths(rig)).toEqual([]);
      expect(await rig.entries('fault')).toHaveLength(1);
    },
  );

  test('run again after its answer was lost, does not take the path that it has just taken for a failed one', async () => {
    const rig = await drillAt('restored');
    await rig.clock.advance(1_000);
    const visit = { enteredAt: new Date(rig.clock.now()).toISOString() };
    await rig.steps.rollBack(BAD_AGAIN, visit);
    await rig.clock.advance(1_000);
    expect(await rig.steps.rollBack(BAD_AGAIN, { ...visit, retries: 1 })).toMatchObject({
      kind: 'rolling-back',
    });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment', 'ecs-previous-task-definition']);
    expect(await failedPaths(rig)).toEqual(['ecs-stop-deployment']);
  });

  test.each(['ecs-stop-deployment', 'ecs-previous-task-definition'] as const)(
    'does not repeat a call of %s whose answer was lost, nor take the next path instead',
    async (path) => {
      const rig = await drillAt('triggered', { plan: onlyWith(path) });
      rig.service.mishaps.set(path, 'answer-lost');
      await expect(rig.steps.rollBack(DECIDED)).rejects.toMatchObject({ name: 'TransientFault' });
      await rig.clock.advance(1_000);
      expect(await rig.steps.rollBack(DECIDED, { retries: 1 })).toMatchObject({ kind: 'rolling-back' });
      expect(rig.service.effects).toEqual(['deploy', path]);
      expect((await rig.entries('path')).filter(({ result }) => result === 'accepted')).toMatchObject([
        { path },
      ]);
      expect((await rig.entries('mark')).at(-1)).toMatchObject({ mark: 'rollbackStarted', source: 'api' });
    },
  );

  test('a call that was made twice, the second time for nothing, was accepted', async () => {
    const rig = await drillAt('triggered');
    rig.service.mishaps.set('ecs-stop-deployment', 'made-twice');
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect((await rig.entries('path')).at(-1)).toMatchObject({
      path: 'ecs-stop-deployment',
      result: 'accepted',
    });
  });

  test('an adopted automatic rollback is not raced', async () => {
    const rig = await drillAt('deployed');
    rig.service.rollBackItself();
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects).toEqual(['deploy', 'automatic']);
    expect(await rig.entries('path')).toMatchObject([{ path: 'automatic', result: 'adopted' }]);
    expect(await rig.entries('call')).toHaveLength(1);
  });

  test('our own call is not taken for the target’s own rollback when the target rolled back at the same moment', async () => {
    const rig = await drillAt('triggered', { plan: onlyWith('ecs-stop-deployment') });
    rig.service.mishaps.set('ecs-stop-deployment', { landsInMs: 60_000 });
    await expect(rig.steps.rollBack(DECIDED)).rejects.toMatchObject({ name: 'TransientFault' });
    rig.service.rollBackItself();
    await rig.steps.rollBack(DECIDED, { retries: 1 });
    expect((await rig.entries('path')).at(-1)).toMatchObject({ path: 'automatic', result: 'adopted' });
  });
});

describe('through a pipeline', () => {
  const REVERT = executionOf('codepipeline-rollback-stage').execution;

  test('does not roll a stage back twice when the answer was lost, and finds the execution that it became', async () => {
    const rig = await drillAt('triggered', { plan: planThroughPipeline() });
    rig.service.mishaps.set('codepipeline-rollback-stage', 'answer-lost');
    await expect(rig.steps.rollBack(DECIDED)).rejects.toMatchObject({ name: 'TransientFault' });
    await rig.clock.advance(1_000);
    await rig.steps.rollBack(DECIDED, { retries: 1 });
    expect(rig.service.effects).toEqual(['deploy', 'codepipeline-rollback-stage']);
    expect((await rig.entries('path')).at(-1)).toMatchObject({ result: 'accepted', execution: REVERT });
  });

  test('does not take a person’s rollback of the stage for its own: the newest human intent stands', async () => {
    const rig = await drillAt('deployed', { plan: planThroughPipeline() });
    await rig.service.target.rollBack('codepipeline-rollback-stage', targetContext(await rig.drill()));
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'overtaken' });
    expect(await rig.entries('path')).toEqual([]);
  });

  test('names the execution of the revert, and puts it on the receipt', async () => {
    const rig = await drillAt('validated', { plan: planThroughPipeline() });
    expect((await rig.entries('path')).at(-1)).toMatchObject({
      path: 'codepipeline-rollback-stage',
      execution: REVERT,
    });
    const { journal, ...drill } = await rig.drill();
    const { path } = receiptFrom([...journal], planFacts({ ...drill, journal }));
    expect(path).toMatchObject({
      used: 'codepipeline-rollback-stage',
      tried: [{ result: 'not-applicable' }, { execution: REVERT }],
    });
  });

  test('goes through the pipeline again when somebody has changed it meanwhile, which is a failed path', async () => {
    const rig = await drillAt('triggered', { plan: planThroughPipeline() });
    rig.service.mishaps.set('codepipeline-rollback-stage', 'refused');
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects).toEqual(['deploy', 'codepipeline-redeploy']);
    expect(await failedPaths(rig)).toEqual(['codepipeline-rollback-stage']);
    expect((await rig.entries('path')).at(-1)).toMatchObject({
      execution: executionOf('codepipeline-redeploy').execution,
    });
  });
});

describe('does not act', () => {
  test('after the watchdog has taken the drill over', async () => {
    const rig = await drillAt('triggered');
    await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
    await expect(rig.steps.rollBack(DECIDED)).rejects.toMatchObject({ name: 'FenceRaised' });
    expect(rig.service.effects).toEqual(['deploy']);
  });

  test.each([DECIDED, { kind: 'overtaken', reason: 'the service steers to other' }])(
    'when somebody else has deployed: the newest human intent stands ($kind)',
    async (previous) => {
      const rig = await drillAt('rolling-back');
      if (previous === DECIDED) {
        rig.service.overtake();
        await rig.append(failed('ecs-stop-deployment'));
      }
      expect(await rig.steps.rollBack(previous)).toMatchObject({ kind: 'overtaken' });
      expect(await rig.entries('overtaken')).toHaveLength(1);
      expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    },
  );

  test('when the known-bad release never took effect', async () => {
    const rig = await drillAt('armed');
    await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'not today' });
    await rig.steps.deployKnownBad();
    expect(await rig.steps.rollBack({ kind: 'roll-back', reason: 'aborted' })).toMatchObject({
      kind: 'rolling-back',
    });
    expect(rig.service.effects).toEqual([]);
    expect((await rig.drill()).phase).toBe('restoring');
  });
});

describe('takes the next path', () => {
  test('when the first one did not restore in time', async () => {
    const rig = await drillAt('rolling-back');
    await rig.clock.advance(120_000);
    expect(await rig.steps.rollBack(NOT_IN_TIME)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects.at(-1)).toBe('ecs-previous-task-definition');
    expect(await rig.entries('fault')).toEqual([]);
    expect(await failedPaths(rig)).toEqual(['ecs-stop-deployment']);
  });

  test('when the first one is refused for good', async () => {
    const rig = await drillAt('triggered');
    rig.service.mishaps.set('ecs-stop-deployment', 'refused');
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-previous-task-definition']);
    expect(await failedPaths(rig)).toEqual(['ecs-stop-deployment']);
  });

  test('when the first one does not apply, which is no failure', async () => {
    const rig = await drillAt('triggered');
    await rig.clock.advance(60_000);
    await rig.steps.rollBack(DECIDED);
    expect(rig.service.effects).toEqual(['deploy', 'ecs-previous-task-definition']);
    expect(await failedPaths(rig)).toEqual([]);
  });

  test('and hands over when none is left', async () => {
    const rig = await drillAt('rolling-back', { plan: onlyWith('ecs-stop-deployment') });
    await rig.clock.advance(120_000);
    expect(await rig.steps.rollBack(NOT_IN_TIME)).toMatchObject({ kind: 'exhausted' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });
});

describe('restores all the same', () => {
  test.each([
    ['can be written', async () => Promise.reject(new Error('throttled'))],
    ['answers', () => new Promise<void>(() => {})],
  ])('when no record %s, within a few seconds', async (_, append) => {
    const stores = { isDown: false };
    const rig = await drillAt('triggered', { through: (ports) => appending(ports, stores, append) });
    stores.isDown = true;
    const began = rig.clock.now();
    const rolling = rig.steps.rollBack(DECIDED);
    rolling.catch(() => {});
    await rig.clock.advance(10_000);
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.clock.now() - began).toBeLessThanOrEqual(10_000);
    stores.isDown = false;
  });

  test('and knows it when it is run again', async () => {
    const stores = { isDown: false };
    const down = async () => Promise.reject(new Error('throttled'));
    const plan = onlyWith('ecs-previous-task-definition');
    const rig = await drillAt('triggered', { plan, through: (ports) => appending(ports, stores, down) });
    stores.isDown = true;
    await expect(rig.steps.rollBack(DECIDED)).rejects.toThrow('throttled');
    stores.isDown = false;
    await rig.steps.rollBack(DECIDED, { retries: 1 });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-previous-task-definition']);
  });
});

function appending(ports: Ports, stores: { isDown: boolean }, whenDown: () => Promise<void>): Ports {
  const { journal } = ports;
  const append: typeof journal.append = (holder, entries) =>
    stores.isDown ? whenDown() : journal.append(holder, entries);
  return { ...ports, journal: { ...journal, append } };
}

function onlyWith(path: string) {
  return planWith(['[automatic, ecs-stop-deployment, ecs-previous-task-definition]', `[${path}]`]);
}

function failed(path: 'ecs-stop-deployment') {
  return {
    kind: 'path',
    key: 'path/failed',
    path,
    result: 'failed',
    reason: 'too slow',
    at: '2026-11-03T10:01:00.000Z',
  } as const;
}

async function failedPaths(rig: Rig): Promise<readonly string[]> {
  return (await rig.entries('path')).filter(({ result }) => result === 'failed').map(({ path }) => path);
}
