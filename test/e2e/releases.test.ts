import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import { drillJson, planFile, truthOf } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

describe('known-bad releases', () => {
  let sandbox: SharedSandbox;
  beforeAll(async () => {
    sandbox = await sharedSandbox();
  }, 60_000);
  afterAll(() => sandbox.close());

  it.runIf(ALL_DRILLS)(
    'a release that never boots is never served, and the breaker’s own rollback is adopted',
    async () => {
      const { exitCode, receipt } = await drillJson(
        sandbox.directory,
        'run',
        planFile(sandbox.directory),
        '--known-bad',
        'boot-crash',
      );
      expect(receipt.marks.badServing).toMatchObject({
        at: null,
        reason: expect.stringContaining('never-served'),
      });
      expect(receipt.triggers.won?.name).toBe('deployment-failed');
      expect(receipt.path.used).toBe('automatic');
      expect(receipt.marks.rollbackDecided.at).toBe(receipt.marks.rollbackStarted.at);
      const startedAt = Date.parse(receipt.marks.badDeployStarted.at ?? '');
      const rollbacks = truthOf(sandbox.directory).filter(
        ({ event, at }) => event === 'rollback-started' && at > startedAt,
      );
      expect(rollbacks).toMatchObject([{ by: 'automatic' }]);
      expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 0, outcome: 'passed' });
    },
  );

  it('an alarm that is in ALARM already refuses the drill, and nothing is deployed', async () => {
    const cloudWatch = new CloudWatchClient(sandbox.client);
    const alarm = {
      AlarmName: 'orders-lost',
      Namespace: 'Shop',
      MetricName: 'OrdersLost',
      Statistic: 'Sum',
    } as const;
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        ...alarm,
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    );
    const state = { AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason: 'an incident' } as const;
    await cloudWatch.send(new SetAlarmStateCommand(state));
    cloudWatch.destroy();
    const plan = planFile(sandbox.directory, ({ triggers }) => ({
      triggers: [
        ...triggers,
        { ...triggers[0], name: 'orders-lost', observedBy: 'alarm', condition: 'orders-lost' },
      ],
    }));
    const { exitCode, receipt } = await drillJson(sandbox.directory, 'run', plan);
    expect(receipt.reasons).toEqual([expect.stringContaining('orders-lost is ALARM')]);
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 21, outcome: 'refused' });
  });

  it('log-ins that fail without a server error are caught by the team’s own alarm, at CloudWatch’s own time', async () => {
    const plan = planFile(sandbox.directory, ({ triggers }) => ({
      triggers: [
        ...triggers,
        { ...triggers[0], name: 'logins-failing', observedBy: 'alarm', condition: 'shop-logins-failing' },
      ],
    }));
    const { exitCode, receipt } = await drillJson(
      sandbox.directory,
      'run',
      plan,
      '--known-bad',
      'login-broken',
    );
    const startedAt = Date.parse(receipt.marks.badDeployStarted.at ?? '');
    const turned = truthOf(sandbox.directory).filter(
      ({ event, name, to, at }) =>
        event === 'alarm-state' && name === 'shop-logins-failing' && to === 'ALARM' && at > startedAt,
    );
    expect(receipt.triggers.won).toMatchObject({
      name: 'logins-failing',
      observedBy: 'alarm',
      source: 'event',
    });
    expect(Math.abs(Date.parse(receipt.triggers.won?.at ?? '') - (turned[0]?.at ?? 0))).toBeLessThan(50);
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 0, outcome: 'passed' });
  });

  it('a bug that no trigger catches is a serious gap, and is rolled back all the same', async () => {
    const plan = planFile(sandbox.directory, () => ({ detectWithin: '5s' }));
    const { exitCode, receipt } = await drillJson(sandbox.directory, 'run', plan, '--known-bad', 'quiet-bug');
    expect(receipt.gaps).toContainEqual(
      expect.objectContaining({ code: 'bad-release-undetected', severity: 'serious' }),
    );
    expect(receipt.marks.restored.at).not.toBeNull();
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 20, outcome: 'failed' });
  });

  it.runIf(ALL_DRILLS)(
    'a bad deployment that is SUCCESSFUL when the trigger comes goes back by the second path, without being rescued',
    async () => {
      const plan = planFile(sandbox.directory, ({ triggers }) => ({
        triggers: triggers.map((trigger) =>
          trigger.name === 'smoke-red' ? { ...trigger, condition: 'smoke failed 26 times running' } : trigger,
        ),
      }));
      const { exitCode, receipt } = await drillJson(sandbox.directory, 'run', plan);
      expect(receipt.path.tried).toContainEqual(
        expect.objectContaining({ name: 'ecs-stop-deployment', result: 'not-applicable' }),
      );
      expect(receipt.path.used).toBe('ecs-previous-task-definition');
      expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 0, outcome: 'passed' });
    },
  );

  it.runIf(ALL_DRILLS)(
    'a release that never boots, without a breaker, is rolled back by our own path when the time limit is over',
    async () => {
      const ecs = new ECSClient(sandbox.client);
      const deploymentCircuitBreaker = { enable: false, rollback: false };
      await ecs.send(
        new UpdateServiceCommand({
          cluster: 'demo',
          service: 'shop',
          deploymentConfiguration: { deploymentCircuitBreaker },
        }),
      );
      ecs.destroy();
      const plan = planFile(sandbox.directory, () => ({ detectWithin: '5s' }));
      const { exitCode, receipt } = await drillJson(
        sandbox.directory,
        'run',
        plan,
        '--known-bad',
        'boot-crash',
      );
      expect(receipt.path.used).toBe('ecs-stop-deployment');
      expect(receipt.marks.restored.at).not.toBeNull();
      expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 20, outcome: 'failed' });
    },
  );
});
