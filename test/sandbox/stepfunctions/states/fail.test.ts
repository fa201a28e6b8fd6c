import { expect, it } from 'vitest';
import { machine, startRig } from '../rig.ts';

it('refuses an Error that is not text', async () => {
  const rig = await startRig();
  const ending = await rig.run(machine({ Stop: { Type: 'Fail', Error: '{% 42 %}' } }));
  expect(ending.error).toBe('States.QueryEvaluationError');
});

it('fails the execution with its Error and Cause, given by expressions', async () => {
  const rig = await startRig();
  const failing = machine({
    Stop: { Type: 'Fail', Error: '{% $states.input.error %}', Cause: "{% 'after ' & $states.input.n %}" },
  });
  const ending = await rig.run(failing, { error: 'Drill.Held', n: 3 });
  expect(ending).toMatchObject({ status: 'FAILED', error: 'Drill.Held', cause: 'after 3' });
  const types = (await rig.history(ending.executionArn)).map((event) => event.type);
  expect(types).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
});

it('fails without naming anything when it names nothing', async () => {
  const rig = await startRig();
  const ending = await rig.run(machine({ Stop: { Type: 'Fail' } }));
  expect(ending).toMatchObject({ status: 'FAILED', error: undefined, cause: undefined });
});
