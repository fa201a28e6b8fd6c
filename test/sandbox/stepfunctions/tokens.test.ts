import { expect, it } from 'vitest';
import { gate, invokeAndWait, machine, result, startRig, temporaryDirectory } from './rig.ts';

async function waiting(directory?: string) {
  const asked = gate<string>();
  const ask = (payload: unknown) => {
    asked.resolve((payload as { token: string }).token);
    return result(null);
  };
  const rig = await startRig({ ask }, { directory });
  const executionArn = await rig.start(machine({ Ask: invokeAndWait('ask') }));
  return { rig, executionArn, taskToken: await asked.promise };
}

it('resumes once: a second success, failure or heartbeat comes too late', async () => {
  const { rig, executionArn, taskToken } = await waiting();
  await rig.client.sendTaskSuccess({ taskToken, output: '"first"' });
  const late = { name: 'TaskTimedOut' };
  await expect(rig.client.sendTaskSuccess({ taskToken, output: '"second"' })).rejects.toMatchObject(late);
  await expect(rig.client.sendTaskFailure({ taskToken, error: 'E' })).rejects.toMatchObject(late);
  await expect(rig.client.sendTaskHeartbeat({ taskToken })).rejects.toMatchObject(late);
  expect(await rig.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: 'first' });
});

it('lets only one of many simultaneous answers through', async () => {
  const { rig, executionArn, taskToken } = await waiting();
  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) => rig.client.sendTaskSuccess({ taskToken, output: String(n) })),
  );
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  expect((await rig.ended(executionArn)).status).toBe('SUCCEEDED');
});

it.each(['nonsense', 'AAAA', ''])('refuses the token %j as invalid', async (taskToken) => {
  const rig = await startRig();
  await expect(rig.client.sendTaskSuccess({ taskToken, output: '1' })).rejects.toMatchObject({
    name: 'InvalidToken',
  });
});

it('refuses an altered token, and the token of another sandbox', async () => {
  const { taskToken } = await waiting();
  const rig = await startRig();
  const altered = `${taskToken.slice(0, 8)}A${taskToken.slice(9)}`;
  await expect(rig.client.sendTaskHeartbeat({ taskToken: altered })).rejects.toMatchObject({
    name: 'InvalidToken',
  });
  await expect(rig.client.sendTaskHeartbeat({ taskToken })).rejects.toMatchObject({
    name: 'TaskDoesNotExist',
  });
});

it('does not resume with an output that is not JSON: the task still waits', async () => {
  const { rig, executionArn, taskToken } = await waiting();
  await expect(rig.client.sendTaskSuccess({ taskToken, output: '{' })).rejects.toMatchObject({
    name: 'InvalidOutput',
  });
  await rig.client.sendTaskSuccess({ taskToken, output: '{}' });
  expect((await rig.ended(executionArn)).status).toBe('SUCCEEDED');
});

it('closes the token when the execution is stopped', async () => {
  const { rig, executionArn, taskToken } = await waiting();
  await rig.client.stopExecution({ executionArn });
  await expect(rig.client.sendTaskSuccess({ taskToken, output: '1' })).rejects.toMatchObject({
    name: 'TaskTimedOut',
  });
});

it('knows after a restart that the task of a token is gone', async () => {
  const directory = temporaryDirectory();
  const { rig, taskToken } = await waiting(directory);
  await rig.close();
  const restarted = await startRig({}, { directory });
  await expect(restarted.client.sendTaskSuccess({ taskToken, output: '1' })).rejects.toMatchObject({
    name: 'TaskTimedOut',
  });
});

it('issues tokens of at most 1024 characters, even for the longest names', async () => {
  const rig = await startRig({ ask: (payload) => result(payload) });
  const stateMachineArn = await rig.create(
    machine({ Ask: { ...invokeAndWait('ask'), TimeoutSeconds: 60 } }),
    'm'.repeat(80),
  );
  const { executionArn = '' } = await rig.client.startExecution({ stateMachineArn, name: '魚'.repeat(80) });
  await expect
    .poll(async () => (await rig.history(executionArn)).find((event) => event.type === 'TaskScheduled'))
    .toBeDefined();
  const scheduled = (await rig.history(executionArn)).find((event) => event.type === 'TaskScheduled');
  const { Payload } = JSON.parse(scheduled?.taskScheduledEventDetails?.parameters ?? '{}');
  expect(Payload.token.length).toBeLessThanOrEqual(1024);
});
