import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { migrations } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { undoMigration } from '../../lib/steps/undo-migration.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), clock, journal: journal(), migrations: migrations() };

export const handler = lambda(
  StepInput,
  (input) => undoMigration(ports, input),
  (drillId) => ports.journal.read(drillId),
);
