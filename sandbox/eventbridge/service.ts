import { ACCOUNT, REGION } from '../aws/account.ts';
import type { AwsEvent, Deliver, Emit, ServiceEvent } from '../aws/events.ts';
import { AwsError, type Endpoint, type JsonObject, jsonEndpoint } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { type Deliveries, startDeliveries } from './deliveries.ts';
import { inputFor } from './input.ts';
import { parsePattern } from './pattern.ts';
import { putEvents } from './put-events.ts';
import { type Rule, type Rules, ruleArn, ruleOperations, type Target } from './rules.ts';

export interface EventBridge {
  readonly endpoint: Endpoint;
  /** Returns at once; targets hear of it some milliseconds later. */
  readonly emit: Emit;
  close(): Promise<void>;
}

/** What a target gets without a retry policy; the sandbox stops earlier, see `startDeliveries`. */
const DEFAULT_RETRIES = 185;

/** The default event bus: rules, targets, and delivery at least once. Rules live as long as the process. */
export function startEventBridge(options: {
  readonly deliver: Deliver;
  readonly truth?: Truth;
  readonly now?: () => number;
  readonly retryDelayMs?: number;
}): EventBridge {
  const { deliver, truth = () => {}, now = Date.now, retryDelayMs = 200 } = options;
  const rules: Rules = new Map();
  const deliveries = startDeliveries({ deliver, truth, retryDelayMs });
  const accept = (event: ServiceEvent, timeMs = now()): string => {
    const full = awsEvent(event, timeMs);
    for (const rule of rules.values()) if (rule.enabled && rule.matches(full)) fire(rule, full);
    return full.id;
  };
  const fire = (rule: Rule, event: AwsEvent) => {
    for (const target of rule.targets.values()) deliverTo(deliveries, truth, { rule, target, event });
  };
  return {
    endpoint: jsonEndpoint(
      {
        ...ruleOperations(rules),
        PutEvents: (input) => putEvents(input, accept),
        TestEventPattern: testEventPattern,
      },
      '1.1',
    ),
    emit: (event) => {
      accept(event);
    },
    close: async () => deliveries.close(),
  };
}

function awsEvent(event: ServiceEvent, timeMs: number): AwsEvent {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': event.detailType,
    source: event.source,
    account: ACCOUNT,
    time: new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources: event.resources,
    // What a service does to its objects after it emitted them must not change the event.
    detail: structuredClone(event.detail),
  };
}

function deliverTo(
  deliveries: Deliveries,
  truth: Truth,
  { rule, target, event }: { rule: Rule; target: Target; event: AwsEvent },
): void {
  const facts = { ruleName: rule.name, targetArn: target.Arn, eventId: event.id };
  try {
    const payload = inputFor(target, event, { ruleName: rule.name, ruleArn: ruleArn(rule.name) });
    const maxRetries = target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRIES;
    deliveries.add({ ...facts, payload, maxRetries });
  } catch (error) {
    truth('events.delivery-dropped', { ...facts, attempts: 0, reason: String(error) });
  }
}

function testEventPattern(input: JsonObject): object {
  const { EventPattern, Event } = input;
  const matches = parsePattern(String(EventPattern));
  try {
    return { Result: matches(JSON.parse(String(Event))) };
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: it is not JSON.');
  }
}
