import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { awaitApproval } from '../../lib/steps/await-approval.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), journal: journal(), waits: waits() };

export const handler = lambda(WaitInput, (input) => awaitApproval(ports, input));
