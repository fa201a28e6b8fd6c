import { expect, it } from 'vitest';
import { machine, startRig } from '../rig.ts';

it('fails the execution when its expression does, for a Pass state has no Catch', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({ Shape: { Type: 'Pass', Output: '{% $states.input.a.b %}', End: true } }),
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(ending.cause).toBe(
    "An error occurred while executing the state 'Shape' (entered at the event id #2). The JSONata expression '$states.input.a.b' specified for the field 'Output' returned nothing (undefined).",
  );
});

it('passes its input on when it has no Output, and null when that is its Output', async () => {
  const rig = await startRig();
  expect((await rig.run(machine({ A: { Type: 'Pass', End: true } }), [1, { a: null }])).output).toEqual([
    1,
    { a: null },
  ]);
  const { executionArn } = await rig.run(machine({ A: { Type: 'Pass', Output: '{% null %}', End: true } }));
  expect((await rig.client.describeExecution({ executionArn })).output).toBe('null');
});

it('offers the context object of the execution', async () => {
  const rig = await startRig();
  const { output, executionArn } = await rig.run(
    machine({ Look: { Type: 'Pass', Output: '{% $states.context %}', End: true } }),
    { a: 1 },
  );
  const [, , , , , , machineName, name] = executionArn.split(':');
  expect(output).toEqual({
    Execution: {
      Id: executionArn,
      Name: name,
      Input: { a: 1 },
      RoleArn: 'arn:aws:iam::000000000000:role/machine',
      StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      RedriveCount: 0,
    },
    State: { Name: 'Look', EnteredTime: expect.stringMatching(/Z$/), RetryCount: 0 },
    StateMachine: {
      Id: `arn:aws:states:us-east-1:000000000000:stateMachine:${machineName}`,
      Name: machineName,
    },
  });
});
