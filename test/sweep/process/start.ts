import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateChance } from './chance.ts';
import { MEMORY, simulateFiles } from './files.ts';
import { type Network, simulateNetwork } from './network.ts';
import { simulateTime } from './time.ts';

/** Time, chance and network of this process are simulated from here on: to be imported before anything else. */
export const time = simulateTime();
export const chance = simulateChance();
export const files = simulateFiles(MEMORY);

let current: Network = () => new Promise(() => {});
simulateNetwork((request) => current(request));

export function use(network: Network): void {
  current = network;
}

/** What a function finds in its environment; plans lie beside its code. */
export function useEnvironment(
  variables: Readonly<Record<string, string>>,
  directory: string,
  plans: readonly { readonly name: string }[],
): void {
  mkdirSync(join(directory, 'plans'), { recursive: true });
  for (const plan of plans)
    writeFileSync(join(directory, 'plans', `${plan.name}.json`), JSON.stringify(plan));
  Object.assign(process.env, variables, { LAMBDA_TASK_ROOT: directory });
}
