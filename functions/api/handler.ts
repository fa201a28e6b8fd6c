import {
  announcer,
  clock,
  drillIndex,
  journal,
  pathReader,
  plans,
  sealedReceipts,
  starts,
  statistics,
  waits,
} from '../../lib/adapters/aws/wiring.ts';
import { HttpEvent } from '../../lib/api/event.ts';
import { faultResult, respond } from '../../lib/api/respond.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { lambda } from '../stack.ts';

const deployed = plans();

const ports = {
  announcer: announcer(),
  clock,
  drills: drillIndex(),
  journal: journal(),
  pathNow: pathReader(deployed),
  plans: deployed,
  receipts: sealedReceipts(),
  starts: starts(),
  statistics: statistics(),
  waits: waits(),
};

export const handler = lambda(HttpEvent, (event) => respond(ports, ROUTES, event), undefined, faultResult);
