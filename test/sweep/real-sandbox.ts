import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { parse, stringify } from 'yaml';
import { ecs } from '../../lib/adapters/aws/clients.ts';
import { deployedFunctions, deployPlan, deployResources } from '../../lib/cli/deployment.ts';
import { useSandbox } from '../../lib/cli/settings.ts';
import { type Plan, parsePlan } from '../../lib/drill/plan/plan.ts';
import type { Hear } from '../../sandbox/hearing.ts';
import { deployShop } from '../../sandbox/shop/infrastructure.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';

const EXAMPLE = new URL('../../plans/shop-ecs.yaml', import.meta.url);
const PACE = { provisioningMs: 100, pullMs: 50, steadyStateMs: 800 };

export interface RealSandbox extends Sandbox {
  readonly plan: Plan;
}

/** A sandbox with the shop and the product, whose functions were bundled before. Points this process's clients at it. */
export async function startRealSandbox(
  directory: string,
  code: string,
  planName: string,
  hear: Hear,
): Promise<RealSandbox> {
  const sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    functions: (aws) => deployedFunctions(code, aws),
    pace: PACE,
    hear,
  });
  useSandbox(sandbox.environment);
  await deployResources();
  sandbox.resumeTasks();
  await deployShop({ ...sandbox, circuitBreaker: true });
  sandbox.resume();
  const plan = await quickPlan(planName, sandbox.edgeUrl);
  await deployPlan(code, plan);
  return { ...sandbox, plan };
}

/** The example plan, with short waits and quick probes. */
async function quickPlan(name: string, shopUrl: string): Promise<Plan> {
  const { smoke, ...example } = parse(await readFile(EXAMPLE, 'utf8')) as { smoke: object };
  const quick = {
    name,
    smoke: { ...smoke, interval: '150ms', timeout: '1s' },
    steadyState: { for: '1s', minimumSamples: 3 },
    restored: { greens: 9, within: '15s' },
    detectWithin: '20s',
    stopConditions: { maximumBadFor: '15s' },
    stabilise: '1s',
  };
  const parsed = parsePlan(stringify({ ...example, ...quick }), { environment: { SHOP_URL: shopUrl } });
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('; '));
}

export interface ShopService {
  readonly taskDefinition: string;
  readonly settled: boolean;
}

export async function shopService(): Promise<ShopService> {
  const { services } = await ecs().send(new DescribeServicesCommand({ cluster: 'demo', services: ['shop'] }));
  const { taskDefinition = '', deployments = [] } = services?.[0] ?? {};
  const settled = deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
  return { taskDefinition, settled };
}
