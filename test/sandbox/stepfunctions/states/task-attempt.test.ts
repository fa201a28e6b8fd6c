import { describe, it } from 'vitest';
import type { Invocation } from '../../../../sandbox/aws/functions.ts';
import { gate, invoke, invokeAndWait, machine, result, startRig } from '../rig.ts';

const tokenIn = (payload: unknown) => (payload as { token: string }).token;
const caughtBy = (...ErrorEquals: string[]) => [{ ErrorEquals, Next: 'Caught' }];
const Caught = { Type: 'Pass', Output: { caught: '{% $states.input.Error %}' }, End: true };

describe.concurrent('the limits of a task', () => {
  it('ends it at its TimeoutSeconds, given by an expression, and ignores what comes later', async ({
    expect,
    onTestFinished,
  }) => {
    const slow = gate<Invocation>();
    const rig = await startRig({ slow: () => slow.promise }, { whenFinished: onTestFinished });
    const timed = invoke('slow', { TimeoutSeconds: '{% $states.input.limit %}', End: true });
    const ending = await rig.run(machine({ Slow: timed }), { limit: 1 });
    slow.resolve(result('too late'));
    expect(ending).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
    const types = (await rig.history(ending.executionArn)).map((event) => event.type);
    expect(types.slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
  });

  it('does not take a timeout for a missed heartbeat, nor either for States.TaskFailed', async ({
    expect,
    onTestFinished,
  }) => {
    const rig = await startRig(
      {
        ask: async (payload) => {
          await rig.client.sendTaskHeartbeat({ taskToken: tokenIn(payload) });
          return result(null);
        },
      },
      { whenFinished: onTestFinished },
    );
    const Catch = caughtBy('States.TaskFailed', 'States.HeartbeatTimeout');
    const Ask = invokeAndWait('ask', { TimeoutSeconds: 2, HeartbeatSeconds: 1, Catch, End: true });
    const heartless = await rig.run(machine({ Ask, Caught }));
    expect(heartless.output).toEqual({ caught: 'States.Timeout' });
    const timed = invokeAndWait('ask', { TimeoutSeconds: 1, Catch, End: true });
    expect((await rig.run(machine({ Ask: timed, Caught }))).error).toBe('States.Timeout');
  });

  it('lets it live as long as heartbeats come, and ends it with the first that is missed', async ({
    expect,
    onTestFinished,
  }) => {
    const asked = gate<string>();
    const ask = (payload: unknown) => {
      asked.resolve(tokenIn(payload));
      return result(null);
    };
    const rig = await startRig({ ask }, { whenFinished: onTestFinished });
    const Catch = caughtBy('States.HeartbeatTimeout');
    const Ask = invokeAndWait('ask', { HeartbeatSeconds: 1, TimeoutSeconds: 60, Catch, End: true });
    const executionArn = await rig.start(machine({ Ask, Caught }));
    const taskToken = await asked.promise;
    const startedAt = performance.now();
    for (let beat = 0; beat < 4; beat += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await rig.client.sendTaskHeartbeat({ taskToken });
    }
    expect(await rig.ended(executionArn)).toMatchObject({ output: { caught: 'States.Timeout' } });
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
    await expect(rig.client.sendTaskHeartbeat({ taskToken })).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('does not begin the time of a retry before its attempt', async ({ expect, onTestFinished }) => {
    let calls = 0;
    const never = gate<never>();
    const rig = await startRig(
      { slow: () => (++calls === 1 ? never.promise : result(calls)) },
      { whenFinished: onTestFinished },
    );
    const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const Output = '{% $states.result.Payload %}';
    const ending = await rig.run(
      machine({ Slow: invoke('slow', { TimeoutSeconds: 1, Retry, Output, End: true }) }),
    );
    expect(ending.output).toBe(2);
  });
});
