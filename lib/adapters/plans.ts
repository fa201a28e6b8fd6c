import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../drill/plan/plan.ts';
import type { Plans } from '../ports/drills.ts';

/** Plans that were parsed and validated when they were deployed, beside the function's code. */
export function deployedPlans(directory: string): Plans {
  return {
    async load(name) {
      if (!/^[\w.-]{1,64}$/.test(name)) return undefined;
      try {
        return JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8')) as Plan;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
