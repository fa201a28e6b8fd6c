import { announcer, journal, waits } from '../../lib/adapters/aws/wiring.ts';
import { awaitApproval } from '../../lib/steps/await-approval.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), journal: journal(), waits: waits() };

export const handler = lambda(WaitInput, (input) => awaitApproval(ports, input));
