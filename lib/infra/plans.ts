import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, parsePlan } from '../drill/plan/plan.ts';

type Pipeline = Extract<Plan['target'], { kind: 'codepipeline' }>;

/** A plan that tells every resource that its drills touch, so that they can be granted. */
export type DeployablePlan = Plan & {
  readonly target:
    | Extract<Plan['target'], { kind: 'ecs' }>
    | (Pipeline & { readonly ecs: NonNullable<Pipeline['ecs']> });
};

/**
 * The plans of a directory that are deployed: every one that is not for the sandbox. One plan that is wrong, or that does
 * not tell what its drills touch, stops the deployment with everything that is wrong.
 */
export async function deployablePlans(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly DeployablePlan[]> {
  const files = (await readdir(directory)).filter((file) => /\.ya?ml$/.test(file)).toSorted();
  const read = await Promise.all(files.map((file) => readPlan(join(directory, file), environment)));
  const wrong = read.flatMap(({ errors }) => errors);
  const plans = read.flatMap(({ plan }) => (plan && plan.environment !== 'sandbox' ? [plan] : []));
  const findings = [...wrong, ...withoutService(plans), ...twice(plans)];
  if (findings.length > 0) throw new PlansNotDeployable(findings);
  return plans.filter(isDeployable);
}

class PlansNotDeployable extends Error {
  override readonly name = 'PlansNotDeployable';

  constructor(findings: readonly string[]) {
    super(`nothing was deployed, because of the plans:\n${findings.join('\n')}`);
  }
}

async function readPlan(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ plan?: Plan; errors: readonly string[] }> {
  const parsed = parsePlan(await readFile(path, 'utf8'), { environment });
  if (parsed.kind === 'plan') return { plan: parsed.plan, errors: [] };
  return { errors: parsed.errors.map(({ place, message }) => `${path}: ${place} ${message}`) };
}

function isDeployable(plan: Plan): plan is DeployablePlan {
  return plan.target.kind === 'ecs' || plan.target.ecs !== undefined;
}

/** A drill would find it in the pipeline; its permissions are given before. */
function withoutService(plans: readonly Plan[]): readonly string[] {
  return plans
    .filter((plan) => !isDeployable(plan))
    .map(
      ({ name }) =>
        `plan ${name} does not say which service its pipeline deploys to, so that nothing there can be granted; add target.codepipeline.ecs: { cluster, service }`,
    );
}

/** The name is the file's name beside the function's code, and what starts a drill. */
function twice(plans: readonly Plan[]): readonly string[] {
  const names = plans.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `two plans have the name ${name}; give each one its own`);
}
