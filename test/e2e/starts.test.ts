import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attach } from '../../lib/cli/running.ts';
import { ARNS } from '../../lib/cli/settings.ts';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import { placePlan } from '../../lib/infra/bundle.ts';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import { drill, planFile } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const SCHEDULED = 'scheduled';
const BY_HAND = 'by-hand';
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const HOUR_MS = 3_600_000;

/* No drill of the command line: what starts these are the Scheduler and the console of Step Functions. */
describe('a drill that nobody starts by the command line', () => {
  let sandbox: SharedSandbox;
  let scheduler: SchedulerClient;
  let sfn: SFNClient;

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    scheduler = new SchedulerClient(sandbox.client);
    sfn = new SFNClient(sandbox.client);
    const frozen = {
      from: '2020-01-01',
      to: '2199-12-31',
      timezone: 'UTC',
      reason: 'only its start is tested',
    };
    await deployed({
      name: SCHEDULED,
      schedule: { expression: 'rate(14 days)', start: '2026-11-03T09:00:00Z', startWithin: '20m' },
      guardrails: { freezes: [frozen] },
    });
    await deployed({ name: BY_HAND });
  }, 60_000);
  afterAll(() => {
    scheduler.destroy();
    sfn.destroy();
    return sandbox.giveBack();
  });

  it('starts once when its schedule fires twice, and not again when it fires after the drill', async () => {
    const at = Date.now();
    await Promise.all([fire('first', at), fire('second', at)]);
    const [execution, ...others] = await executionsOf(SCHEDULED);
    expect(others).toEqual([]);
    expect(await recordOf(execution?.name ?? '')).toMatchObject({
      outcome: 'refused',
      startedBy: 'schedule',
    });
    await fire('third', at);
    expect((await executionsOf(SCHEDULED)).map(({ name }) => name)).toEqual([execution?.name]);
  });

  it('does not start when its schedule is delivered too late, and somebody is told', async () => {
    const before = await executionsOf(SCHEDULED);
    await fire('late', Date.now(), new Date(Date.now() - 2 * HOUR_MS).toISOString());
    expect(await executionsOf(SCHEDULED)).toEqual(before);
    const outbox = readFileSync(join(sandbox.directory, 'sandbox/outbox.jsonl'), 'utf8');
    expect(outbox).toMatch(/Drill NOT STARTED: plan scheduled.*at most 20m is allowed/);
  });

  it.runIf(ALL_DRILLS)('needs nothing but the name of its plan, and passes', async () => {
    const input = JSON.stringify({ plan: BY_HAND });
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: ARNS.drillMachine, input }),
    );
    const { status, name, cause } = await until(LIMIT_MS, async () => {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    });
    expect(status, cause).toBe('SUCCEEDED');
    expect(await recordOf(name ?? '')).toMatchObject({
      outcome: 'passed',
      plan: { name: BY_HAND },
      startedBy: 'the state machine',
      releases: { knownBad: { release: 'checkout-5xx' } },
    });
  });

  /** What the stack deploys beside the functions that read plans. */
  async function deployed(change: Readonly<Record<string, unknown>>): Promise<void> {
    const environment = (await attach(sandbox.directory))?.planVariables ?? {};
    const parsed = parsePlan(
      readFileSync(
        planFile(sandbox.directory, () => change),
        'utf8',
      ),
      { environment },
    );
    if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.errors));
    await placePlan(join(sandbox.directory, 'sandbox/functions'), parsed.plan);
  }

  /** A schedule as the stack makes it, for one time that has come; resolves when it was delivered, and is gone. */
  async function fire(
    name: string,
    at: number,
    scheduledAt = '<aws.scheduler.scheduled-time>',
  ): Promise<void> {
    const Name = `starts-${name}`;
    await scheduler.send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: `at(${new Date(at).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: ARNS.function('StartDrill'),
          RoleArn: ARNS.schedulerRole,
          Input: JSON.stringify({ plan: SCHEDULED, scheduledAt }),
          RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 1_200 },
        },
      }),
    );
    await until(LIMIT_MS, () =>
      scheduler.send(new GetScheduleCommand({ Name })).then(
        () => undefined,
        (error: Error) => error.name === 'ResourceNotFoundException' || Promise.reject(error),
      ),
    );
  }

  async function executionsOf(plan: string) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: ARNS.drillMachine }),
    );
    return executions.filter(({ name }) => name?.startsWith(`${plan}-`));
  }

  /** The receipt, or the record of a drill that was refused, once the drill is over. */
  function recordOf(drillId: string): Promise<unknown> {
    return until(LIMIT_MS, async () => {
      const { exitCode, stdout } = await drill(sandbox.directory, 'show', drillId, '--json').ended;
      const record = exitCode === 0 ? (JSON.parse(stdout) as { readonly outcome?: string | null }) : {};
      return record.outcome ? record : undefined;
    });
  }
});

async function until<T>(limitMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`it did not happen in ${limitMs} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}
