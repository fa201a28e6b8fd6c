import { expect, it } from 'vitest';
import { functionError, invoke, machine, result, startRig } from './rig.ts';

const big = 'x'.repeat(256 * 1024);

it('does not catch States.DataLimitExceeded with States.ALL', async () => {
  const rig = await startRig({ big: () => result(big) });
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
  const ending = await rig.run(
    machine({ Get: invoke('big', { Catch, End: true }), Caught: { Type: 'Pass', End: true } }),
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

it('does not let an output grow beyond 256 KiB', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({ Grow: { Type: 'Pass', Output: "{% $pad('', 262143, 'x') %}", End: true } }),
  );
  expect(ending.error).toBe('States.DataLimitExceeded');
  const fits = await rig.run(
    machine({ Grow: { Type: 'Pass', Output: "{% $pad('', 262142, 'x') %}", End: true } }),
  );
  expect(fits.status).toBe('SUCCEEDED');
});

it('skips the Assign and Output of a state whose catcher answers', async () => {
  const rig = await startRig({ broken: () => functionError('Broken', 'why') });
  const ending = await rig.run(
    machine({
      Try: invoke('broken', {
        Assign: { done: true },
        Output: "{% 'never' %}",
        Catch: [{ ErrorEquals: ['Broken'], Next: 'Look' }],
        Next: 'Look',
      }),
      Look: {
        Type: 'Pass',
        Output: { done: '{% $exists($done) %}', input: '{% $states.input %}' },
        End: true,
      },
    }),
  );
  expect(ending.output).toEqual({
    done: false,
    input: { Error: 'Broken', Cause: '{"errorType":"Broken","errorMessage":"why"}' },
  });
});

it('takes the first catcher that answers, and its Assign and Output', async () => {
  const rig = await startRig({ broken: () => functionError('Broken') });
  const ending = await rig.run(
    machine({
      Try: invoke('broken', {
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Look' },
          {
            ErrorEquals: ['Broken'],
            Assign: { error: '{% $states.errorOutput.Error %}' },
            Output: '{% $states.input.kept %}',
            Next: 'Look',
          },
          { ErrorEquals: ['States.ALL'], Next: 'Look' },
        ],
        Next: 'Look',
      }),
      Look: { Type: 'Pass', Output: { error: '{% $error %}', input: '{% $states.input %}' }, End: true },
    }),
    { kept: 1 },
  );
  expect(ending.output).toEqual({ error: 'Broken', input: 1 });
});

it('does not catch the failure of a catcher', async () => {
  const rig = await startRig({ broken: () => functionError('Broken') });
  const Catch = [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input.missing %}', Next: 'Look' }];
  const ending = await rig.run(
    machine({ Try: invoke('broken', { Catch, Next: 'Look' }), Look: { Type: 'Pass', End: true } }),
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(ending.cause).toContain('Catch[0]/Output');
});

it('catches a failing expression in the Arguments or the Output of a task', async () => {
  const rig = await startRig({ plan: () => result(1) });
  const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Output: "{% 'caught' %}", Next: 'Look' }];
  const Arguments = { FunctionName: 'plan', Payload: '{% $states.input.missing %}' };
  for (const field of [{ Arguments }, { Output: '{% $states.result.missing %}' }]) {
    const Try = invoke('plan', { ...field, Catch, Next: 'Look' });
    const ending = await rig.run(machine({ Try, Look: { Type: 'Pass', End: true } }));
    expect(ending.output).toBe('caught');
  }
});

it('ends an endless loop at the limit of its history', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({
      Go: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.stop = true %}', Next: 'End' }],
        Default: 'Go',
      },
      End: { Type: 'Succeed' },
    }),
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(ending.cause).toContain('25000');
});

it('needs well under 2 ms for a transition around an instant task', async () => {
  const rig = await startRig({ next: (payload) => result(Number(payload) + 1) });
  const rounds = 200;
  const looping = machine({
    Count: invoke('next', { Output: '{% $states.result.Payload %}', Next: 'More' }),
    More: {
      Type: 'Choice',
      Choices: [{ Condition: `{% $states.input < ${rounds} %}`, Next: 'Count' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  });
  const { executionArn } = await rig.run(looping, 0);
  const { startDate, stopDate } = await rig.client.describeExecution({ executionArn });
  expect((Number(stopDate) - Number(startDate)) / (2 * rounds)).toBeLessThan(2);
});
