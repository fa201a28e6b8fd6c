import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import {
  functionError,
  gate,
  invoke,
  invokeAndWait,
  machine,
  part,
  result,
  startRig,
  temporaryDirectory,
} from './rig.ts';

const resting = (more: object = {}) => machine({ Rest: { Type: 'Wait', Seconds: 600, End: true } }, more);

it('aborts a wait at once: no retry, no catcher and no later state runs', async () => {
  const calls: string[] = [];
  const never = gate<never>();
  const rig = await startRig({
    stuck: () => {
      calls.push('stuck');
      return never.promise;
    },
    clean: () => {
      calls.push('clean');
      return result(null);
    },
  });
  const executionArn = await rig.start(
    machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          part({
            Try: invoke('stuck', {
              Retry: [{ ErrorEquals: ['States.ALL'] }],
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Clean' }],
              End: true,
            }),
            Clean: invoke('clean'),
          }),
          part({ Rest: { Type: 'Wait', Seconds: 600, End: true } }),
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Last' }],
        Next: 'Last',
      },
      Last: invoke('clean'),
    }),
  );
  await expect.poll(() => calls).toEqual(['stuck']);
  await rig.client.stopExecution({ executionArn, error: 'Abort', cause: 'by hand' });
  const ending = await rig.ended(executionArn);
  expect(ending).toMatchObject({ status: 'ABORTED', error: 'Abort', cause: 'by hand' });
  const types = (await rig.history(executionArn)).map((event) => event.type);
  expect(types.filter((type) => type?.endsWith('Aborted')).sort()).toEqual([
    'ExecutionAborted',
    'ParallelStateAborted',
    'TaskStateAborted',
    'WaitStateAborted',
  ]);
  expect(types.at(-1)).toBe('ExecutionAborted');
  never.reject(new Error('late'));
  expect(calls).toEqual(['stuck']);
});

it('does not stop what has ended', async () => {
  const rig = await startRig();
  const { executionArn } = await rig.run(machine({ Done: { Type: 'Succeed' } }));
  await rig.client.stopExecution({ executionArn, error: 'Abort' });
  expect(await rig.client.describeExecution({ executionArn })).toMatchObject({ status: 'SUCCEEDED' });
  expect(rig.events.filter((event) => event.detail.status === 'ABORTED')).toEqual([]);
});

it('times out as a whole: no catcher and no later state runs, and only the history names the error', async () => {
  const rig = await startRig({ ask: () => result(null), clean: () => functionError('Ran') });
  const ending = await rig.run(
    machine(
      {
        Ask: invokeAndWait('ask', {
          Catch: [{ ErrorEquals: ['States.Timeout', 'States.TaskFailed'], Next: 'Clean' }],
          Next: 'Clean',
        }),
        Clean: invoke('clean'),
      },
      { TimeoutSeconds: 1 },
    ),
  );
  expect(ending).toMatchObject({ status: 'TIMED_OUT', error: undefined, cause: undefined });
  const last = (await rig.history(ending.executionArn)).at(-1);
  expect(last).toMatchObject({
    type: 'ExecutionTimedOut',
    executionTimedOutEventDetails: { error: 'States.Timeout' },
  });
});

it('does not start twice under one name, except for the same call again', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(resting());
  const first = await rig.client.startExecution({ stateMachineArn, name: 'drill-1', input: '{"a":1}' });
  const again = await rig.client.startExecution({ stateMachineArn, name: 'drill-1', input: '{"a":1}' });
  expect([again.executionArn, again.startDate]).toEqual([first.executionArn, first.startDate]);
  const exists = { name: 'ExecutionAlreadyExists' };
  const other = rig.client.startExecution({ stateMachineArn, name: 'drill-1', input: '{"a":2}' });
  await expect(other).rejects.toMatchObject(exists);
  await rig.client.stopExecution({ executionArn: first.executionArn });
  const closed = rig.client.startExecution({ stateMachineArn, name: 'drill-1', input: '{"a":1}' });
  await expect(closed).rejects.toMatchObject(exists);
  expect(rig.events.filter((event) => event.detail.status === 'RUNNING')).toHaveLength(1);
});

it.each(['', 'with space', 'a/b', 'a:b', 'a*', 'x'.repeat(81), 'a\u0007b'])(
  'refuses the name %j',
  async (name) => {
    const rig = await startRig();
    const stateMachineArn = await rig.create(resting());
    const started = rig.client.startExecution({ stateMachineArn, name });
    await expect(started).rejects.toMatchObject({ name: 'InvalidName' });
  },
);

it('refuses input that is not JSON or too large, and machines that are not there', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(resting());
  const start = (more: object) => rig.client.startExecution({ stateMachineArn, ...more });
  await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  await expect(start({ input: `"${'x'.repeat(262_144)}"` })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(start({ stateMachineArn: `${stateMachineArn}-other` })).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  });
  await expect(start({ stateMachineArn: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidArn' });
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:none`;
  for (const call of [
    rig.client.describeExecution({ executionArn }),
    rig.client.stopExecution({ executionArn }),
    rig.client.getExecutionHistory({ executionArn }),
  ])
    await expect(call).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});

it('tells when an execution runs and how it ended, as EventBridge would', async () => {
  const rig = await startRig();
  const { executionArn } = await rig.run(machine({ Done: { Type: 'Succeed' } }), { a: 1 });
  const { startDate, stopDate, stateMachineArn } = await rig.client.describeExecution({ executionArn });
  expect(rig.events.map((event) => event.detail.status)).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(rig.events[1]).toMatchObject({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      startDate: startDate?.getTime(),
      stopDate: stopDate?.getTime(),
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      error: null,
      cause: null,
    },
  });
  expect(rig.events[0]?.detail).toMatchObject({ stopDate: null, output: null });
});

it('closes after a restart what a kill interrupted, and tells so only when asked to recover', async () => {
  const directory = temporaryDirectory();
  const before = await startRig({}, { directory });
  const done = await before.run(machine({ Done: { Type: 'Succeed' } }));
  const executionArn = await before.start(resting(), { a: 1 });
  await before.close();
  expect(before.events.at(-1)?.detail.status).toBe('RUNNING');

  const after = await startRig({}, { directory });
  expect(after.events).toEqual([]);
  after.service.recoverInterrupted();
  after.service.recoverInterrupted();
  expect(after.events.map((event) => event.detail)).toMatchObject([{ executionArn, status: 'ABORTED' }]);
  expect(await after.client.describeExecution({ executionArn })).toMatchObject({
    status: 'ABORTED',
    error: 'Sandbox.Stopped',
    cause: 'The sandbox was stopped while this execution was running.',
    input: '{"a":1}',
  });
  const types = (await after.history(executionArn)).map((event) => event.type);
  expect(types).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  expect((await after.client.describeExecution(done)).status).toBe('SUCCEEDED');
});

it('lists the newest first, by status, in pages', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(resting());
  const names = ['one', 'two', 'three'];
  for (const name of names) {
    await rig.client.startExecution({ stateMachineArn, name });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:two`;
  await rig.client.stopExecution({ executionArn });
  const listed: (string | undefined)[] = [];
  const pages = paginateListExecutions({ client: rig.client, pageSize: 2 }, { stateMachineArn });
  for await (const { executions = [] } of pages) listed.push(...executions.map(({ name }) => name));
  expect(listed).toEqual(['three', 'two', 'one']);
  const aborted = await rig.client.listExecutions({ stateMachineArn, statusFilter: 'ABORTED' });
  expect(aborted.executions).toMatchObject([{ name: 'two', status: 'ABORTED', stopDate: expect.any(Date) }]);
  await expect(rig.client.listExecutions({ stateMachineArn, nextToken: 'x' })).rejects.toMatchObject({
    name: 'InvalidToken',
  });
});

it('starts for callers in this process as it does on the wire', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(machine({ Done: { Type: 'Succeed' } }));
  const { executionArn } = rig.service.startExecution(stateMachineArn, { a: 1 }, 'by-hand');
  expect(await rig.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { a: 1 } });
  expect(() => rig.service.startExecution(`${stateMachineArn}x`, {})).toThrow('Does Not Exist');
});
