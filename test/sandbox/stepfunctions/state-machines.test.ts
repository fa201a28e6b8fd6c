import { expect, it } from 'vitest';
import { machine, ROLE, startRig, temporaryDirectory } from './rig.ts';

const one = machine({ A: { Type: 'Succeed', Output: { answer: 1 } } });
const two = machine({ A: { Type: 'Succeed', Output: { answer: 2 } } });

it('does not replace a machine of the same name, but takes the same definition again', async () => {
  const rig = await startRig();
  const arn = await rig.create(one, 'drill');
  expect(await rig.create(one, 'drill')).toBe(arn);
  await expect(rig.create(two, 'drill')).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
});

it('refuses names with forbidden characters, express machines and versions', async () => {
  const rig = await startRig();
  const definition = JSON.stringify(one);
  const asked = { name: 'drill', definition, roleArn: ROLE };
  await expect(rig.create(one, 'a b')).rejects.toMatchObject({ name: 'InvalidName' });
  await expect(rig.client.createStateMachine({ ...asked, type: 'EXPRESS' })).rejects.toMatchObject({
    name: 'StateMachineTypeNotSupported',
  });
  await expect(rig.client.createStateMachine({ ...asked, publish: true })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  expect((await rig.client.listStateMachines({})).stateMachines).toEqual([]);
});

it('says which operations there are when one is asked for that is not', async () => {
  const rig = await startRig();
  await expect(rig.client.listActivities({})).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('StartExecution'),
  });
});

it('runs the new definition after an update, and what was started before to its old end', async () => {
  const rig = await startRig();
  const waiting = machine({
    Rest: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 200) %}', Next: 'A' },
    A: { Type: 'Succeed', Output: { answer: 1 } },
  });
  const stateMachineArn = await rig.create(waiting);
  const before = await rig.client.startExecution({ stateMachineArn });
  const { revisionId } = await rig.client.describeStateMachine({ stateMachineArn });
  await rig.client.updateStateMachine({ stateMachineArn, definition: JSON.stringify(two) });
  const after = await rig.client.startExecution({ stateMachineArn });
  expect((await rig.ended(after.executionArn ?? '')).output).toEqual({ answer: 2 });
  expect((await rig.ended(before.executionArn ?? '')).output).toEqual({ answer: 1 });
  expect((await rig.client.describeStateMachine({ stateMachineArn })).revisionId).not.toBe(revisionId);
});

it('keeps the old definition when an update is invalid', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(one);
  const update = rig.client.updateStateMachine({ stateMachineArn, definition: '{}' });
  await expect(update).rejects.toMatchObject({ name: 'InvalidDefinition' });
  const described = await rig.client.describeStateMachine({ stateMachineArn });
  expect(JSON.parse(described.definition ?? '')).toEqual(one);
});

it('survives a restart, and forgets a deleted machine with its executions', async () => {
  const directory = temporaryDirectory();
  const before = await startRig({}, { directory });
  const stateMachineArn = await before.create(one, 'drill');
  const { executionArn = '' } = await before.client.startExecution({ stateMachineArn, name: 'first' });
  await before.ended(executionArn);
  await before.close();

  const after = await startRig({}, { directory });
  expect(await after.client.describeStateMachine({ stateMachineArn })).toMatchObject({
    name: 'drill',
    type: 'STANDARD',
    status: 'ACTIVE',
    roleArn: ROLE,
  });
  await after.client.deleteStateMachine({ stateMachineArn });
  await after.client.deleteStateMachine({ stateMachineArn });
  await expect(after.client.describeExecution({ executionArn })).rejects.toMatchObject({
    name: 'ExecutionDoesNotExist',
  });
  await expect(after.client.startExecution({ stateMachineArn })).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  });
});

it('aborts what runs when its machine is deleted', async () => {
  const rig = await startRig();
  const stateMachineArn = await rig.create(machine({ Rest: { Type: 'Wait', Seconds: 600, End: true } }));
  await rig.client.startExecution({ stateMachineArn });
  await rig.client.deleteStateMachine({ stateMachineArn });
  expect(rig.events.map((event) => event.detail.status)).toEqual(['RUNNING', 'ABORTED']);
});
