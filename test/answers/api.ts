import { join } from 'node:path';
import {
  announcer,
  clock,
  drillIndex,
  journal,
  pathReader,
  sealedReceipts,
  starts,
  statistics,
  waits,
} from '../../lib/adapters/aws/wiring.ts';
import { deployedPlans } from '../../lib/adapters/plans.ts';
import { respond } from '../../lib/api/respond.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { functionsDirectory } from '../../lib/cli/local.ts';
import { eventOf } from '../lib/api/fixtures/api.ts';
import type { Told } from './disagreements.ts';

/** What the API answers over the stores that this process's environment names, with the plans of a directory's sandbox. */
export async function asked(directory: string, path: string): Promise<Told> {
  const plans = deployedPlans(join(functionsDirectory(directory), 'load-plan', 'plans'));
  const ports = {
    announcer: announcer(),
    clock,
    drills: drillIndex(),
    journal: journal(),
    pathNow: pathReader(plans),
    plans,
    receipts: sealedReceipts(),
    starts: starts(),
    statistics: statistics(),
    waits: waits(),
  };
  const { statusCode, body } = await respond(ports, ROUTES, eventOf('GET', path));
  if (statusCode !== 200) throw new Error(`GET ${path} was answered ${statusCode}: ${body}`);
  return JSON.parse(body) as Told;
}
