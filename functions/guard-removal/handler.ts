import { safetySwitch } from '../../lib/adapters/aws/wiring/guardrails.ts';
import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { answerStack } from '../../lib/adapters/http/custom-resource.ts';
import { guardRemoval, type Removal } from '../../lib/steps/guard-removal.ts';
import { RemovalEvent, stackOf } from '../../lib/steps/removal-event.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), safetySwitch: safetySwitch(), waits: waits() };

/** What is left of the function's time when it answers. */
const MARGIN_MS = 60_000;

const NOTHING_REMOVED: Removal = { kind: 'may-go', reason: 'nothing is removed' };

/** What it cannot do is answered, too: CloudFormation would wait for twenty minutes, and then fail without a reason. */
export const handler = lambda(RemovalEvent, async (event, context) => {
  const { RequestType, PhysicalResourceId, StackId, RequestId, LogicalResourceId } = event;
  const endsAt = clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
  const ownsSafetySwitch = event.ResourceProperties.OwnsSafetySwitch === 'true';
  const removal =
    RequestType === 'Delete'
      ? await guardRemoval(ports, { by: stackOf(event), ownsSafetySwitch, endsAt }).catch(broken)
      : NOTHING_REMOVED;
  const Status = removal.kind === 'may-go' ? 'SUCCESS' : 'FAILED';
  const ids = { PhysicalResourceId, StackId, RequestId, LogicalResourceId };
  await answerStack(event.ResponseURL, { Status, Reason: removal.reason, ...ids }, clock);
  return removal;
});

function broken({ name, message }: Error): Removal {
  return { kind: 'refused', reason: `no drill could be kept from starting: ${name}: ${message}` };
}
