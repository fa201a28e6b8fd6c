import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { observedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { awaitRestored } from '../../lib/steps/await-restored.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { rehearse } from '../../lib/steps/rehearse.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), target: observedTargets(), waits: waits() };

export const handler = lambda(
  WaitInput,
  (input) => awaitRestored(ports, input),
  (drillId) => rehearse(ports, 'observe', drillId),
);
