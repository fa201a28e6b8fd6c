import { journal, targets, waits } from '../../lib/adapters/aws/wiring.ts';
import { awaitRestored } from '../../lib/steps/await-restored.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { rehearse } from '../../lib/steps/rehearse.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), target: targets(), waits: waits() };

export const handler = lambda(
  WaitInput,
  (input) => awaitRestored(ports, input),
  (drillId) => rehearse(ports, drillId),
);
