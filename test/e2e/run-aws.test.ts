import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attach } from '../../lib/cli/running.ts';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { placePlan } from '../../lib/infra/bundle.ts';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import { drill, drillJson, noTriggers, planFile } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

describe('a drill of the deployed stack, started from a terminal', () => {
  let sandbox: SharedSandbox;
  beforeAll(async () => {
    sandbox = await sharedSandbox();
  }, 60_000);
  afterAll(() => sandbox.giveBack());

  it('is none of a plan that was not deployed', async () => {
    const plan = planFile(sandbox.directory, () => ({ name: 'never-deployed' }));
    const unknown = await drill(sandbox.directory, 'run', plan, '--aws').ended;
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is no deployed plan') });
  });

  it('runs what was deployed, is followed to its receipt, and ends with the exit code of its outcome', async () => {
    const plan = await deployed(() => ({ name: 'by-api' }));
    const { exitCode, receipt, stderr } = await drillJson(sandbox.directory, 'run', plan, '--aws');
    expect({ exitCode, reasons: receipt.reasons }).toMatchObject({ exitCode: 0 });
    expect(receipt).toMatchObject({ outcome: 'passed', plan: { name: 'by-api' }, startedBy: 'user/sandbox' });
    expect(stderr).toMatch(/RollBack|AwaitRestored/);
    expect(stderr).toContain('badServing at');
  });

  it.runIf(ALL_DRILLS)('is aborted by Ctrl-C, and waited for until the target is back', async () => {
    const plan = await deployed((example) => ({ name: 'interrupted-by-api', ...noTriggers(example) }));
    const running = drill(sandbox.directory, 'run', plan, '--aws', '--json');
    await running.until(/badServing/);
    running.process.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    const receipt = JSON.parse(stdout) as Receipt;
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 24, outcome: 'aborted' });
    expect(receipt.reasons.join()).toContain('interrupted (SIGINT)');
    expect(receipt.releases.runningAfter).toMatchObject({ release: 'healthy' });
  });

  /** As the stack deploys it, beside the code of its functions. */
  async function deployed(change: Parameters<typeof planFile>[1]): Promise<string> {
    const file = planFile(sandbox.directory, change);
    const environment = (await attach(sandbox.directory))?.planVariables ?? {};
    const parsed = parsePlan(readFileSync(file, 'utf8'), { environment });
    if (parsed.kind !== 'plan') throw new Error(JSON.stringify(parsed.errors));
    await placePlan(join(sandbox.directory, 'sandbox/functions'), parsed.plan);
    return file;
  }
});
