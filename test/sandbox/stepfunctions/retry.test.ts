import fc from 'fast-check';
import { beforeEach, expect, it, vi } from 'vitest';
import { StateError } from '../../../sandbox/stepfunctions/errors.ts';
import { backoffSeconds, matches } from '../../../sandbox/stepfunctions/retry.ts';
import { functionError, invoke, machine, part, result, startRig } from './rig.ts';

const error = (name: string) => new StateError(name);
const missedHeartbeat = new StateError('States.Timeout', undefined, { alias: 'States.HeartbeatTimeout' });

/** Full jitter then means no wait. */
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

it('never matches States.Runtime, not even by name', () => {
  for (const names of [['States.ALL'], ['States.TaskFailed'], ['States.Runtime']])
    expect(matches(error('States.Runtime'), names)).toBe(false);
});

it('matches States.DataLimitExceeded by its own name only', () => {
  expect(matches(error('States.DataLimitExceeded'), ['States.ALL'])).toBe(false);
  expect(matches(error('States.DataLimitExceeded'), ['States.TaskFailed'])).toBe(false);
  expect(matches(error('States.DataLimitExceeded'), ['States.DataLimitExceeded'])).toBe(true);
});

it('does not match a timeout by States.TaskFailed, but matches any other failure', () => {
  expect(matches(error('States.Timeout'), ['States.TaskFailed'])).toBe(false);
  expect(matches(missedHeartbeat, ['States.TaskFailed'])).toBe(false);
  expect(matches(error('AnyError'), ['States.TaskFailed'])).toBe(true);
});

it('matches a missed heartbeat by both of its names, and a timeout not by States.HeartbeatTimeout', () => {
  expect(matches(missedHeartbeat, ['States.HeartbeatTimeout'])).toBe(true);
  expect(matches(missedHeartbeat, ['States.Timeout'])).toBe(true);
  expect(matches(error('States.Timeout'), ['States.HeartbeatTimeout'])).toBe(false);
});

it('does not take one name for another that only begins alike', () => {
  expect(matches(error('Lambda.TooManyRequestsException'), ['Lambda.TooManyRequests'])).toBe(false);
});

it('keeps every delay between nothing and MaxDelaySeconds, and jitter below the plain delay', () => {
  const retrier = fc.record(
    {
      ErrorEquals: fc.constant(['States.ALL']),
      IntervalSeconds: fc.integer({ min: 1, max: 1000 }),
      BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
      MaxDelaySeconds: fc.integer({ min: 1, max: 31_622_400 }),
    },
    { requiredKeys: ['ErrorEquals', 'MaxDelaySeconds'] },
  );
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(retrier, fc.nat(500), share, (plain, retries, random) => {
      const delay = backoffSeconds(plain, retries);
      const jittered = backoffSeconds({ ...plain, JitterStrategy: 'FULL' }, retries, () => random);
      expect(delay).toBeGreaterThan(0);
      expect(delay).toBeLessThanOrEqual(plain.MaxDelaySeconds);
      expect(delay).toBeLessThanOrEqual(backoffSeconds(plain, retries + 1));
      expect(jittered).toBeCloseTo(delay * random, 5);
    }),
  );
});

it('waits 1, 2 and 4 seconds when the retrier says nothing', () => {
  const delays = [0, 1, 2].map((retries) => backoffSeconds({ ErrorEquals: ['States.ALL'] }, retries));
  expect(delays).toEqual([1, 2, 4]);
});

it('stops at MaxAttempts, counts in the context, and only then looks at Catch', async () => {
  const counts: unknown[] = [];
  const rig = await startRig({
    flaky: (payload) => {
      counts.push(payload);
      return functionError('Flaky');
    },
  });
  const Retry = [
    { ErrorEquals: ['Other'], MaxAttempts: 5 },
    {
      ErrorEquals: ['Flaky'],
      MaxAttempts: 2,
      IntervalSeconds: 1,
      MaxDelaySeconds: 1,
      JitterStrategy: 'FULL',
    },
  ];
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
  const Arguments = { FunctionName: 'flaky', Payload: '{% $states.context.State.RetryCount %}' };
  const ending = await rig.run(
    machine({
      Try: invoke('flaky', { Arguments, Retry, Catch, End: true }),
      Caught: { Type: 'Pass', End: true },
    }),
  );
  expect(counts).toEqual([0, 1, 2]);
  expect(ending.output).toMatchObject({ Error: 'Flaky' });
});

it('does not retry with MaxAttempts 0, although a later retrier would', async () => {
  let calls = 0;
  const rig = await startRig({
    broken: () => {
      calls += 1;
      return functionError('Broken');
    },
  });
  const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
  const ending = await rig.run(machine({ Try: invoke('broken', { Retry, End: true }) }));
  expect(ending.error).toBe('Broken');
  expect(calls).toBe(1);
});

it('begins to count anew when the state is entered again', async () => {
  let calls = 0;
  const rig = await startRig({
    flaky: () => {
      calls += 1;
      return calls % 2 === 1 ? functionError('Flaky') : result(calls);
    },
  });
  const Retry = [{ ErrorEquals: ['Flaky'], MaxAttempts: 1, JitterStrategy: 'FULL' }];
  const ItemProcessor = part({ Try: invoke('flaky', { Retry, End: true }) });
  const ending = await rig.run(
    machine({
      Each: { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor, Output: "{% 'ok' %}", End: true },
    }),
  );
  expect(ending.output).toBe('ok');
  expect(calls).toBe(4);
});
