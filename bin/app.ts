import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { bundleFunctions, placePlan } from '../lib/infra/bundle.ts';
import { deployablePlans } from '../lib/infra/plans.ts';
import { DrillStack } from '../lib/infra/stack.ts';

const { DRILL_PLANS_DIR = fileURLToPath(new URL('../plans', import.meta.url)) } = process.env;
const plans = await deployablePlans(DRILL_PLANS_DIR, process.env);
const code = await mkdtemp(join(tmpdir(), 'rollback-drills-'));
try {
  await bundleFunctions(code);
  for (const plan of plans) await placePlan(code, plan);
  const app = new App();
  new DrillStack(app, 'RollbackDrills', { plans, code, now: Date.now() });
  app.synth();
} finally {
  await rm(code, { recursive: true, force: true });
}
