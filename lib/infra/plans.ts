import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, parsePlan } from '../drill/plan/plan.ts';

export type EcsPlan = Plan & { readonly target: Extract<Plan['target'], { kind: 'ecs' }> };

/**
 * The plans of a directory that are deployed: every one that is not for the sandbox. One plan that is wrong, or that cannot
 * be drilled on AWS yet, stops the deployment with everything that is wrong.
 */
export async function deployablePlans(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly EcsPlan[]> {
  const files = (await readdir(directory)).filter((file) => /\.ya?ml$/.test(file)).toSorted();
  const read = await Promise.all(files.map((file) => readPlan(join(directory, file), environment)));
  const wrong = read.flatMap(({ errors }) => errors);
  const plans = read.flatMap(({ plan }) => (plan && plan.environment !== 'sandbox' ? [plan] : []));
  const ecs = plans.filter(isEcs);
  const findings = [...wrong, ...notYet(plans), ...twice(plans)];
  if (findings.length > 0) throw new PlansNotDeployable(findings);
  return ecs;
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

function isEcs(plan: Plan): plan is EcsPlan {
  return plan.target.kind === 'ecs';
}

function notYet(plans: readonly Plan[]): readonly string[] {
  return plans
    .filter((plan) => !isEcs(plan))
    .map(
      ({ name, target }) => `plan ${name} has a target of kind ${target.kind}; only ecs can be drilled yet`,
    );
}

/** The name is the file's name beside the function's code, and what starts a drill. */
function twice(plans: readonly Plan[]): readonly string[] {
  const names = plans.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `two plans have the name ${name}; give each one its own`);
}
