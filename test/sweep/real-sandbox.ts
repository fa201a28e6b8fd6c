import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { parse, stringify } from 'yaml';
import { cloudWatch, ecs } from '../../lib/adapters/aws/clients.ts';
import { deployedFunctions, deployPlan, deployResources } from '../../lib/cli/deployment.ts';
import { useSandbox } from '../../lib/cli/settings.ts';
import { type Plan, parsePlan } from '../../lib/drill/plan/plan.ts';
import type { Hear } from '../../sandbox/hearing.ts';
import { deployShop } from '../../sandbox/shop/infrastructure.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';

const EXAMPLE = new URL('../../plans/shop-ecs.yaml', import.meta.url);
const PACE = { provisioningMs: 100, pullMs: 50, steadyStateMs: 800 };
/** So short that the alarms of one drill are over before the next one. */
const MINUTE_MS = 1_000;

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
    minuteMs: MINUTE_MS,
    hear,
  });
  useSandbox(sandbox.environment);
  await deployResources();
  sandbox.resumeTasks();
  await deployShop({ ...sandbox, circuitBreaker: true });
  sandbox.resume();
  const plan = await quickPlan(planName, sandbox.planVariables);
  await deployPlan(code, plan);
  return { ...sandbox, plan };
}

interface Example {
  readonly smoke: object;
  readonly validations: readonly { readonly kind: string }[];
  readonly knownBad: { readonly default: string; readonly releases: Readonly<Record<string, object>> };
  readonly triggers: readonly { readonly name: string; readonly condition: string }[];
}

/** Needs more probes of the steady state than a quick drill has. */
const SLOW_TRIGGER = 'too-slow';

/** The example plan, with short waits and quick probes, and alarms of its own. */
async function quickPlan(name: string, variables: Readonly<Record<string, string>>): Promise<Plan> {
  const { smoke, knownBad, triggers, validations, ...example } = parse(
    await readFile(EXAMPLE, 'utf8'),
  ) as Example;
  const bad = knownBad.default;
  const quick = {
    name,
    // The others are proven by drills that do not die.
    validations: validations.filter(({ kind }) => kind === 'synthetic-transaction'),
    knownBad: { default: bad, releases: { [bad]: knownBad.releases[bad] } },
    triggers: triggers
      .filter((trigger) => trigger.name !== SLOW_TRIGGER)
      .map((trigger) => ({ ...trigger, condition: trigger.condition.replace(/^shop-ecs-/, `${name}-`) })),
    smoke: { ...smoke, interval: '150ms', timeout: '1s' },
    steadyState: { for: '1s', minimumSamples: 3 },
    restored: { greens: 9, within: '15s' },
    detectWithin: '20s',
    stopConditions: { maximumBadFor: '15s' },
    stabilise: '1s',
  };
  const parsed = parsePlan(stringify({ ...example, ...quick }), { environment: variables });
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('; '));
}

/** Whether a drill could begin: alarms that the last one set off are over. */
export async function alarmsAreOk(): Promise<boolean> {
  const { MetricAlarms = [] } = await cloudWatch().send(new DescribeAlarmsCommand());
  return MetricAlarms.every(({ StateValue }) => StateValue === 'OK');
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
