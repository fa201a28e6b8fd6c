import { join } from 'node:path';
import type { Faults } from '../../sandbox/faults/injection.ts';
import { KINDS } from '../../sandbox/faults/kinds.ts';
import { parseRule, RULE_FORM } from '../../sandbox/faults/rule.ts';
import { FAULTS, type Fault, isFault } from '../../sandbox/faults.ts';
import { deployShop } from '../../sandbox/shop/infrastructure.ts';
import { releaseThroughPipeline } from '../../sandbox/shop/pipeline.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { journal } from '../adapters/aws/wiring/records.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { bundleFunctions } from '../infra/bundle.ts';
import { type CliContext, UsageError } from './command.ts';
import { API_FUNCTION, deployedFunctions, deployResources } from './deployment.ts';
import { attach, claim, publish, type RunningSandbox, unpublish } from './running.ts';
import { useSandbox } from './settings.ts';

/** Other users, and CloudWatch minutes short enough to wait for two of them. */
const LOAD = { shoppersPerSecond: 10, minuteMs: 2_000 };

/** A sandbox that this process uses, its own or one that is already up. */
export interface LocalSandbox extends Omit<RunningSandbox, 'pid'> {
  /** Whether this process started it, and must end it. */
  readonly own: boolean;
  readonly directory: string;
  /** What goes wrong from now on; only whoever started the sandbox can say so. */
  readonly faults?: Faults;
  /** Drills that an earlier sandbox left open. */
  readonly left: readonly string[];
  close(): Promise<void>;
}

/** Attaches to the sandbox that is up in this directory, or starts one and goes on where an earlier one was left. */
export async function localSandbox(
  { directory }: CliContext,
  faults: readonly string[] = [],
): Promise<LocalSandbox> {
  const injected = injectedFaults(faults);
  const running = await attach(directory);
  if (!running) return ownSandbox(directory, injected);
  if (faults.length > 0)
    throw new UsageError(
      `--fault needs a sandbox of its own; one is already up in ${directory}: end it first.`,
    );
  useSandbox(running.environment);
  return { ...running, own: false, directory, left: [], close: async () => {} };
}

/** What the plan's target needs before its first drill: a pipeline that has released the shop once. */
export async function prepareTarget(local: LocalSandbox, { target }: Plan): Promise<void> {
  if (target.kind === 'codepipeline') await preparePipeline(local);
}

/** Sees to it that the shop's pipeline is there and has released the shop once; it takes a deployment, some seconds. */
export function preparePipeline({ environment }: LocalSandbox): Promise<void> {
  return releaseThroughPipeline(environment);
}

/** Where the functions of the sandbox lie; plans are deployed beside them. */
export function functionsDirectory(directory: string): string {
  return join(directory, 'sandbox', 'functions');
}

/** What `--fault` knows, by name. */
export function knownFaults(): readonly (readonly [name: string, description: string])[] {
  const described = (faults: Readonly<Record<string, { readonly description: string }>>, prefix: string) =>
    Object.entries(faults).map(([name, { description }]) => [`${prefix}${name}`, description] as const);
  const form = [
    RULE_FORM,
    'any call, such as ecs.UpdateService#1:throttled or dynamodb.*:unreachable',
  ] as const;
  return [...described(FAULTS, ''), form, ...described(KINDS, '  :')];
}

interface InjectedFaults {
  /** Those that the sandbox is built with. */
  readonly named: readonly Fault[];
  /** Those that begin once the product is deployed, so that they count the calls of drills. */
  readonly rules: readonly string[];
}

function injectedFaults(names: readonly string[]): InjectedFaults {
  const rules = names.filter((name) => !isFault(name));
  for (const rule of rules) checkRule(rule);
  return { named: names.filter(isFault).map((name) => FAULTS[name]), rules };
}

function checkRule(rule: string): void {
  try {
    parseRule(rule);
  } catch (error) {
    const named = Object.keys(FAULTS).join(', ');
    throw new UsageError(`--fault: ${(error as Error).message} Faults with a name are ${named}.`);
  }
}

async function ownSandbox(directory: string, faults: InjectedFaults): Promise<LocalSandbox> {
  claim(directory);
  try {
    const code = functionsDirectory(directory);
    const sandbox = await startSandbox({
      directory: join(directory, 'sandbox'),
      functions: (aws) => deployedFunctions(code, aws),
      apiFunction: API_FUNCTION,
      faults: faults.named,
      ...LOAD,
    });
    const close = () => sandbox.close().finally(() => unpublish(directory));
    const left = await deploy(sandbox, code, faults.named).catch(async (error: Error) => {
      await close();
      throw error;
    });
    for (const rule of faults.rules) sandbox.faults.inject(rule);
    publish(directory, sandbox);
    return { ...sandbox, own: true, directory, left, close };
  } catch (error) {
    unpublish(directory);
    throw error;
  }
}

/** The shop comes up while the product is bundled. */
async function deploy(sandbox: Sandbox, code: string, faults: readonly Fault[]): Promise<readonly string[]> {
  useSandbox(sandbox.environment);
  const bundled = bundleFunctions(code);
  await deployResources();
  const left = await journal().openDrills();
  sandbox.resumeTasks();
  const deployed = deployShop({
    ...sandbox,
    circuitBreaker: faults.every((fault) => fault.circuitBreaker ?? true),
    isLeftAlone: left.length > 0,
  });
  await Promise.all([bundled, deployed]);
  sandbox.resume();
  return left;
}
