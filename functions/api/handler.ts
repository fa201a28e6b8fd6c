import { starts } from '../../lib/adapters/aws/wiring/machines.ts';
import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import {
  drillIndex,
  journal,
  plans,
  sealedReceipts,
  statistics,
  waits,
} from '../../lib/adapters/aws/wiring/records.ts';
import { pathReader } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
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
