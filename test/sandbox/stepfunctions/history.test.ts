import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { beforeEach, expect, it, vi } from 'vitest';
import { functionError, invoke, machine, part, result, startRig } from './rig.ts';

/** Full jitter then means no wait. */
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

it('shows a task with its parameters, its result and the limits that hold', async () => {
  const rig = await startRig({ plan: () => result('ok') });
  const { executionArn } = await rig.run(
    machine({ Plan: invoke('plan', { TimeoutSeconds: 9, HeartbeatSeconds: 5, End: true }) }),
    { a: 1 },
  );
  const events = await rig.history(executionArn);
  expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 1, 'TaskStateEntered'],
    [3, 2, 'TaskScheduled'],
    [4, 3, 'TaskStarted'],
    [5, 4, 'TaskSucceeded'],
    [6, 5, 'TaskStateExited'],
    [7, 6, 'ExecutionSucceeded'],
  ]);
  expect(events[1]?.stateEnteredEventDetails).toMatchObject({ name: 'Plan', input: '{"a":1}' });
  expect(events[2]?.taskScheduledEventDetails).toEqual({
    resourceType: 'lambda',
    resource: 'invoke',
    region: 'us-east-1',
    parameters: '{"FunctionName":"plan","Payload":{"a":1}}',
    timeoutInSeconds: 9,
    heartbeatInSeconds: 5,
  });
  expect(events[4]?.taskSucceededEventDetails?.output).toContain('"Payload":"ok"');
  expect(events.every((event) => event.timestamp instanceof Date)).toBe(true);
});

it('shows each attempt, and the state that the catcher leaves', async () => {
  const rig = await startRig({ broken: () => functionError('Broken', 'why') });
  const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1, JitterStrategy: 'FULL' }];
  const Catch = [{ ErrorEquals: ['Broken'], Next: 'Caught' }];
  const { executionArn } = await rig.run(
    machine({ Try: invoke('broken', { Retry, Catch, End: true }), Caught: { Type: 'Succeed' } }),
  );
  const events = await rig.history(executionArn);
  expect(events.map((event) => event.type).slice(1, -3)).toEqual([
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'TaskStateExited',
  ]);
  expect(events.find((event) => event.type === 'TaskFailed')?.taskFailedEventDetails).toMatchObject({
    resource: 'invoke',
    error: 'Broken',
  });
});

it('shows where an expression failed', async () => {
  const rig = await startRig();
  const { executionArn } = await rig.run(
    machine({ Shape: { Type: 'Pass', Output: { a: '{% $missing %}' }, End: true } }),
  );
  const failed = (await rig.history(executionArn)).find((event) => event.type === 'EvaluationFailed');
  expect(failed?.evaluationFailedEventDetails).toMatchObject({
    error: 'States.QueryEvaluationError',
    location: 'Output',
    state: 'Shape',
  });
});

it('shows iterations of a Map state by their index', async () => {
  const rig = await startRig();
  const ItemProcessor = part({ One: { Type: 'Pass', End: true } });
  const { executionArn } = await rig.run(
    machine({ Each: { Type: 'Map', ItemProcessor, End: true } }),
    [7, 8],
  );
  const events = await rig.history(executionArn);
  const started = events.filter((event) => event.type === 'MapIterationStarted');
  expect(started.map((event) => event.mapIterationStartedEventDetails)).toEqual([
    { name: 'Each', index: 0 },
    { name: 'Each', index: 1 },
  ]);
  expect(events.find((event) => event.type === 'MapStateStarted')?.mapStateStartedEventDetails).toEqual({
    length: 2,
  });
});

it('comes in pages, backwards, and without data, as asked', async () => {
  const rig = await startRig();
  const { executionArn } = await rig.run(
    machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } }),
    { a: 1 },
  );
  const ids: (number | undefined)[] = [];
  const asked = { executionArn, maxResults: 2, reverseOrder: true, includeExecutionData: false };
  for await (const { events = [] } of paginateGetExecutionHistory({ client: rig.client }, asked)) {
    expect(events.length).toBeLessThanOrEqual(2);
    expect(JSON.stringify(events)).not.toContain('"input"');
    ids.push(...events.map((event) => event.id));
  }
  expect(ids).toEqual([6, 5, 4, 3, 2, 1]);
});
