import { expect, it } from 'vitest';
import type { Invocation } from '../../../../sandbox/aws/functions.ts';
import { AwsError } from '../../../../sandbox/aws/protocol.ts';
import { functionError, gate, invoke, invokeAndWait, machine, result, startRig } from '../rig.ts';

const tokenIn = (payload: unknown) => (payload as { token: string }).token;

it('does not lose a success that the function sent before it returned, nor let its own result replace it', async () => {
  const returned = gate<Invocation>();
  const rig = await startRig({
    ask: async (payload) => {
      await rig.client.sendTaskSuccess({ taskToken: tokenIn(payload), output: '{"from":"token"}' });
      return returned.promise;
    },
  });
  const ending = await rig.run(machine({ Ask: invokeAndWait('ask') }));
  returned.resolve(result({ from: 'function' }));
  expect(ending).toMatchObject({ status: 'SUCCEEDED', output: { from: 'token' } });
});

it('is not disturbed by a function that fails after its token was sent back', async () => {
  const failing = gate<Invocation>();
  const rig = await startRig({
    ask: async (payload) => {
      await rig.client.sendTaskSuccess({ taskToken: tokenIn(payload), output: '1' });
      return failing.promise;
    },
  });
  const executionArn = await rig.start(
    machine({
      Ask: invokeAndWait('ask', { Next: 'Rest' }),
      Rest: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 50) %}', End: true },
    }),
  );
  const ending = rig.ended(executionArn);
  failing.resolve(functionError('Late'));
  failing.reject(new Error('later still'));
  expect(await ending).toMatchObject({ status: 'SUCCEEDED', output: 1 });
});

it('fails a waiting state at once when the function itself fails', async () => {
  const rig = await startRig({ ask: () => functionError('NoApprover') });
  const ending = await rig.run(machine({ Ask: invokeAndWait('ask', { TimeoutSeconds: 900, End: true }) }));
  expect(ending).toMatchObject({ status: 'FAILED', error: 'NoApprover' });
});

it('does not finish a waiting state with what the function returned', async () => {
  const asked = gate<string>();
  const rig = await startRig({
    ask: (payload) => {
      asked.resolve(tokenIn(payload));
      return result('ignored');
    },
  });
  const executionArn = await rig.start(machine({ Ask: invokeAndWait('ask') }));
  const taskToken = await asked.promise;
  await expect
    .poll(async () => (await rig.history(executionArn)).map((event) => event.type))
    .toContain('TaskSubmitted');
  expect((await rig.client.describeExecution({ executionArn })).status).toBe('RUNNING');
  await rig.client.sendTaskFailure({ taskToken, error: 'Refused', cause: 'not today' });
  expect(await rig.ended(executionArn)).toMatchObject({ error: 'Refused', cause: 'not today' });
});

it('reports what the function threw as Error, and as JSON in Cause', async () => {
  const rig = await startRig({ plan: () => functionError('PlanInvalid', 'no owner') });
  const ending = await rig.run(machine({ Plan: invoke('plan') }));
  expect(ending.error).toBe('PlanInvalid');
  expect(JSON.parse(String(ending.cause))).toEqual({ errorType: 'PlanInvalid', errorMessage: 'no owner' });
});

it.each([
  ['TooManyRequestsException', 'Lambda.TooManyRequestsException'],
  ['ResourceNotFoundException', 'Lambda.ResourceNotFoundException'],
])('names %s of the Lambda service %s', async (code, error) => {
  const rig = await startRig({
    plan: () => {
      throw new AwsError(code, 'refused');
    },
  });
  expect(await rig.run(machine({ Plan: invoke('plan') }))).toMatchObject({ status: 'FAILED', error });
});

it('refuses a TimeoutSeconds that does not come to a positive integer', async () => {
  const rig = await startRig({ slow: () => result(1) });
  const timed = invoke('slow', { TimeoutSeconds: '{% $states.input.limit %}', End: true });
  for (const limit of [0, 1.5, '5']) {
    const ending = await rig.run(machine({ Slow: timed }), { limit });
    expect(ending.error).toBe('States.QueryEvaluationError');
  }
});

it('gives ExecutedVersion, Payload and StatusCode as the result', async () => {
  const rig = await startRig({ plan: (payload) => result({ got: payload }) });
  const ending = await rig.run(machine({ Plan: invoke('plan') }), { a: 1 });
  expect(ending.output).toEqual({ ExecutedVersion: '$LATEST', Payload: { got: { a: 1 } }, StatusCode: 200 });
});

it('invokes by name, by ARN, and with a qualifier', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:plan:live';
  const rig = await startRig({ [arn]: () => result('by arn'), 'plan:live': () => result('qualified') });
  const Output = '{% $states.result.Payload %}';
  const byArn = await rig.run(machine({ Plan: invoke(arn, { Output, End: true }) }));
  const Arguments = { FunctionName: 'plan', Qualifier: 'live' };
  const qualified = await rig.run(machine({ Plan: invoke('plan', { Arguments, Output, End: true }) }));
  expect([byArn.output, qualified.output]).toEqual(['by arn', 'qualified']);
});

it('starts another execution without waiting for it, and names its refusal', async () => {
  const rig = await startRig();
  const child = await rig.create(machine({ Rest: { Type: 'Wait', Seconds: 600, End: true } }));
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution',
    Arguments: { StateMachineArn: child, Name: 'witness', Input: { drill: '{% $states.input.id %}' } },
    Output: '{% $states.result.ExecutionArn %}',
    End: true,
  };
  const { output } = await rig.run(machine({ Witness: task }), { id: 7 });
  const witness = await rig.client.describeExecution({ executionArn: String(output) });
  expect(witness).toMatchObject({ status: 'RUNNING', name: 'witness', input: '{"drill":7}' });
  const again = await rig.run(machine({ Witness: task }), { id: 8 });
  expect(again.error).toBe('StepFunctions.ExecutionAlreadyExistsException');
});

it('resumes within milliseconds of SendTaskSuccess', async () => {
  const asked = gate<string>();
  const rig = await startRig({
    ask: (payload) => {
      asked.resolve(tokenIn(payload));
      return result(null);
    },
  });
  const executionArn = await rig.start(machine({ Ask: invokeAndWait('ask') }));
  await rig.client.sendTaskSuccess({ taskToken: await asked.promise, output: '"go"' });
  expect((await rig.client.describeExecution({ executionArn })).status).toBe('SUCCEEDED');
});
