import { journal, targets, waits, witnessMachine } from '../../lib/adapters/aws/wiring.ts';
import { checkGuardrails } from '../../lib/steps/check-guardrails.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), target: targets(), waits: waits(), witness: witnessMachine() };

export const handler = lambda(WaitInput, (input) => checkGuardrails(ports, input));
