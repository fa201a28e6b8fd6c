import { expect, it } from 'vitest';
import { machine, startRig } from '../rig.ts';

const waiting = (fields: object) => machine({ Rest: { Type: 'Wait', ...fields, End: true } });

it.each([-1, 0.5, '1'])('refuses to wait for %j seconds', async (seconds) => {
  const rig = await startRig();
  const ending = await rig.run(waiting({ Seconds: '{% $states.input.seconds %}' }), { seconds });
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
});

it('refuses a timestamp that is not RFC 3339', async () => {
  const rig = await startRig();
  const ending = await rig.run(waiting({ Timestamp: '{% $states.input.at %}' }), { at: '2026-03-14 01:59' });
  expect(ending.error).toBe('States.QueryEvaluationError');
});

it('does not wait for a moment that has passed', async () => {
  const rig = await startRig();
  const ending = await rig.run(waiting({ Timestamp: '2016-03-14T01:59:00Z', Output: "{% 'now' %}" }));
  expect(ending).toMatchObject({ status: 'SUCCEEDED', output: 'now' });
});

it('waits until the moment, and not less', async () => {
  const rig = await startRig();
  const at = Date.now() + 300;
  const { executionArn } = await rig.run(waiting({ Timestamp: '{% $fromMillis($states.input.at) %}' }), {
    at,
  });
  const { stopDate } = await rig.client.describeExecution({ executionArn });
  expect(stopDate?.getTime()).toBeGreaterThanOrEqual(at);
});

it('waits for whole seconds and passes its input on', async () => {
  const rig = await startRig();
  const { executionArn, output } = await rig.run(waiting({ Seconds: 1 }), { a: 1 });
  const { startDate, stopDate } = await rig.client.describeExecution({ executionArn });
  expect(output).toEqual({ a: 1 });
  expect(Number(stopDate) - Number(startDate)).toBeGreaterThanOrEqual(995);
});
