import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { drill, drillJson, truthOf } from './fixtures/drill.ts';
import { pipelinePlanFile, type ShopPipeline, shopPipeline } from './fixtures/pipeline.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

/* One after the other in one history: what a drill leaves behind is what the next one finds. */

describe('drills through a pipeline', () => {
  let sandbox: SharedSandbox;
  let pipeline: ShopPipeline;
  let plan: string;
  const passed: Receipt[] = [];

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    pipeline = shopPipeline(sandbox);
    plan = pipelinePlanFile(sandbox.directory);
  }, 60_000);
  afterAll(async () => {
    pipeline.close();
    await breaker(true);
    await sandbox.giveBack();
  });

  it('go back through it when its smoke stage is red or users notice', async () => {
    const { exitCode, receipt } = await drillJson(sandbox.directory, 'run', plan);
    expect({ exitCode, outcome: receipt.outcome, reasons: receipt.reasons }).toMatchObject({
      exitCode: 0,
      outcome: 'passed',
    });
    expect(['smoke-stage-red', 'smoke-red']).toContain(receipt.triggers.won?.name);
    expect(receipt.path.used).toBe('codepipeline-rollback-stage');
    passed.push(receipt);
  });

  it('roll back no stage that runs: a release that never boots is stopped there first', async () => {
    await breaker(false);
    const { exitCode, receipt } = await drillJson(
      sandbox.directory,
      'run',
      plan,
      '--known-bad',
      'boot-crash',
    );
    expect({ exitCode, reasons: receipt.reasons }).toMatchObject({ exitCode: 0 });
    expect(receipt.triggers.won?.name).toBe('tasks-crash');
    expect(receipt.path.used).toBe('codepipeline-rollback-stage');
    const stopped = await executionOf(knownBadOf(receipt));
    expect(stopped).toMatchObject({ status: 'Stopped' });
    expect(await pipeline.enteredBy(knownBadOf(receipt))).toEqual(['Source', 'Deploy']);
    expect(marked(receipt, 'badServing')).toBeNull();
    passed.push(receipt);
    await breaker(true);
  });

  it('go back to the same healthy execution each time, never to a known-bad one or to a rollback', async () => {
    const healthy = passed.map(({ releases }) => releases.lastHealthy?.execution?.id);
    expect(new Set(healthy).size).toBe(1);
    const ids = passed.flatMap((receipt) => [knownBadOf(receipt), ...revertsOf(receipt)]);
    expect(new Set(ids).size).toBe(4);
    for (const [id, target] of passed.map((receipt) => [revertsOf(receipt)[0] ?? '', healthy[0]] as const))
      expect(await executionOf(id)).toMatchObject({
        executionType: 'ROLLBACK',
        rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
      });
  });

  it('let no known-bad release into the stage behind its test, and leave the transitions as they were', async () => {
    for (const receipt of passed)
      expect(await pipeline.enteredBy(knownBadOf(receipt))).not.toContain('Promote');
    expect(await pipeline.disabled()).toEqual([]);
  });

  it('are rescued by the next path when somebody changes the pipeline meanwhile, which ends the first one', async () => {
    const running = drill(sandbox.directory, 'run', plan, '--json');
    await running.until(/badServing/);
    await pipeline.update();
    const { exitCode, stdout } = await running.ended;
    const receipt = JSON.parse(stdout) as Receipt;
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 22, outcome: 'rescued' });
    expect(receipt.path.tried).toMatchObject([
      { name: 'automatic', result: 'not-applicable' },
      { name: 'codepipeline-rollback-stage', result: 'failed' },
      { name: 'codepipeline-redeploy', result: 'accepted' },
    ]);
    const [redeployed = ''] = revertsOf(receipt);
    const status = async () => (await executionOf(redeployed))?.status;
    await expect.poll(status, { timeout: 20_000 }).toBe('Succeeded');
    // A redeployment is a whole execution: it goes on into the stages behind.
    expect(await pipeline.enteredBy(redeployed)).toEqual(['Source', 'Deploy', 'Smoke', 'Promote']);
    expect(await pipeline.disabled()).toEqual([]);
  });

  it('touch nothing when the pipeline was changed before, and say what to do', async () => {
    await pipeline.update();
    const since = Date.now();
    const before = await pipeline.executions();
    const { exitCode, stdout } = await drill(sandbox.directory, 'run', plan, '--json').ended;
    const record = JSON.parse(stdout) as DrillRecord;
    expect({ exitCode, outcome: record.outcome, number: record.number }).toEqual({
      exitCode: 21,
      outcome: 'refused',
      number: null,
    });
    expect(record.reasons.join()).toMatch(
      /pipeline-unchanged: the pipeline was changed since execution [\w-]+ \(version \d+ → \d+\).*aws codepipeline start-pipeline-execution --name shop/,
    );
    expect(await pipeline.executions()).toEqual(before);
    expect(await pipeline.disabled()).toEqual([]);
    const touched = truthOf(sandbox.directory).filter(
      ({ at, event }) => at > since && /deployment|pipeline|rollback|task-st/.test(event),
    );
    expect(touched).toEqual([]);
  });

  async function executionOf(id: string) {
    return (await pipeline.executions()).find(({ pipelineExecutionId }) => pipelineExecutionId === id);
  }

  async function breaker(enable: boolean): Promise<void> {
    const ecs = new ECSClient(sandbox.client);
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable, rollback: enable } };
    await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'shop', deploymentConfiguration }));
    ecs.destroy();
  }
});

function knownBadOf({ releases }: Receipt): string {
  return releases.knownBad?.execution?.id ?? '';
}

function revertsOf({ path }: Receipt): readonly string[] {
  return path.tried.flatMap(({ execution }) => execution?.id ?? []);
}

function marked({ marks }: Receipt, mark: keyof Receipt['marks']): string | null {
  return marks[mark].at;
}
