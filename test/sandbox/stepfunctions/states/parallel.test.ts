import { beforeEach, expect, it, vi } from 'vitest';
import { functionError, invoke, machine, part, result, startRig } from '../rig.ts';

const both = (branches: readonly object[], more: object = { End: true }) =>
  machine({ Both: { Type: 'Parallel', Branches: branches, ...more } });

const resting = part({ Rest: { Type: 'Wait', Seconds: 600, Next: 'After' }, After: invoke('after') });

/** Full jitter then means no wait. */
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

it('ends the other branches at once when one fails: nothing of them runs later', async () => {
  let after = 0;
  const rig = await startRig({
    broken: () => functionError('Broken'),
    after: () => {
      after += 1;
      return result(null);
    },
  });
  const ending = await rig.run(both([resting, part({ Break: invoke('broken') })]));
  expect(ending).toMatchObject({ status: 'FAILED', error: 'Broken' });
  const types = (await rig.history(ending.executionArn)).map((event) => event.type);
  expect(types.slice(-4)).toEqual([
    'TaskFailed',
    'WaitStateAborted',
    'ParallelStateFailed',
    'ExecutionFailed',
  ]);
  expect(after).toBe(0);
});

it('does not let one branch see what another assigned, and loses what branches assigned', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          part({ One: { Type: 'Pass', Assign: { mine: 1 }, Output: '{% 1 %}', End: true } }),
          part({
            Two: { Type: 'Pass', Next: 'See' },
            See: { Type: 'Pass', Output: '{% $exists($mine) %}', End: true },
          }),
        ],
        Next: 'Look',
      },
      Look: {
        Type: 'Pass',
        Output: { input: '{% $states.input %}', mine: '{% $exists($mine) %}' },
        End: true,
      },
    }),
  );
  expect(ending.output).toEqual({ input: [1, false], mine: false });
});

it('catches the failure of a branch under its own name, and may then assign', async () => {
  const rig = await startRig({ broken: () => functionError('Broken') });
  const Catch = [
    { ErrorEquals: ['Broken'], Assign: { why: '{% $states.errorOutput.Error %}' }, Next: 'Tell' },
  ];
  const ending = await rig.run(
    machine({
      Both: { Type: 'Parallel', Branches: [part({ Break: invoke('broken') })], Catch, Next: 'Tell' },
      Tell: { Type: 'Pass', Output: '{% $why %}', End: true },
    }),
  );
  expect(ending.output).toBe('Broken');
});

it('gives every branch the Arguments, and collects outputs in the order of the branches', async () => {
  const rig = await startRig();
  const Branches = [
    part({
      Slow: {
        Type: 'Wait',
        Timestamp: '{% $fromMillis($millis() + 50) %}',
        Output: "{% 'slow' %}",
        End: true,
      },
    }),
    part({ Fast: { Type: 'Pass', Output: '{% $states.input.b %}', End: true } }),
  ];
  const ending = await rig.run(both(Branches, { Arguments: { b: '{% $states.input.a %}' }, End: true }), {
    a: 5,
  });
  expect(ending.output).toEqual(['slow', 5]);
});

it('runs all branches again on a retry', async () => {
  let calls = 0;
  const rig = await startRig({ flaky: () => (++calls === 1 ? functionError('Flaky') : result(calls)) });
  const Retry = [{ ErrorEquals: ['Flaky'], MaxAttempts: 1, JitterStrategy: 'FULL' }];
  const flaky = invoke('flaky', { Output: '{% $states.result.Payload %}', End: true });
  const ending = await rig.run(both([part({ Try: flaky })], { Retry, End: true }));
  expect(ending.output).toEqual([2]);
});
