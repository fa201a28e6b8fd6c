import { describeSafetySwitch, type SafetySwitchState } from '../safety-switch.ts';
import { type Check, judged } from './check.ts';

/** A plan is drilled only in an environment that this deployment of the product is for. */
export function environmentAllowed(environment: string, allowed: readonly string[]): Check {
  return judged(
    'environment',
    allowed.includes(environment),
    `the plan is for ${environment}; allowed here: ${allowed.join(', ') || 'none'}`,
  );
}

/** `parameter` is where the switch lies, for the command that sets it right. */
export function safetySwitchOff(state: SafetySwitchState, parameter: string): Check {
  const reason = `the safety switch (${parameter}) is ${describeSafetySwitch(state)}; off is allowed`;
  if (state.kind === 'off') return judged('safety-switch', true, reason);
  const remedy = `aws ssm put-parameter --name ${parameter} --type String --value off --overwrite`;
  return judged('safety-switch', false, `${reason}. 'drill safety-switch off' sets it, or ${remedy}`);
}

export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** When it came into this state. */
  readonly since: string | null;
  /** Why, as CloudWatch tells it. */
  readonly reason?: string;
}

/** Alarms of which one is not OK, or not there, say nothing good about the target. */
export function alarmsOk(names: readonly string[], found: readonly Alarm[]): Check {
  const name = 'alarms';
  if (names.length === 0) return judged(name, true, 'the plan names no alarm');
  const told = names.map((wanted) => {
    const alarm = found.find((one) => one.name === wanted);
    if (!alarm) return { ok: false, text: `${wanted} is not there` };
    const since = alarm.since ? ` since ${alarm.since}` : '';
    return { ok: alarm.state === 'OK', text: `${wanted} is ${alarm.state}${since}` };
  });
  const wrong = told.filter(({ ok }) => !ok);
  const count = `${names.length - wrong.length} of ${names.length} alarms are OK`;
  if (wrong.length === 0) return judged(name, true, count);
  return judged(
    name,
    false,
    `${count}; ${wrong.map(({ text }) => text).join(', ')}; every one must be there and OK`,
  );
}

/** What one dependent service answered; `failure` is `null` when it was as expected. */
export interface DependencyHealth {
  readonly name: string;
  readonly failure: string | null;
}

export function dependenciesHealthy(found: readonly DependencyHealth[]): Check {
  const name = 'dependencies';
  if (found.length === 0) return judged(name, true, 'the plan declares no dependent service');
  const wrong = found.filter(({ failure }) => failure !== null);
  const count = `${found.length - wrong.length} of ${found.length} dependent services are healthy`;
  const told = wrong.map((one) => `${one.name}: ${one.failure}`).join(', ');
  return judged(name, wrong.length === 0, wrong.length === 0 ? count : `${count}; ${told}; all must be`);
}

/** The topic on which people hear of a drill, and are paged. */
export interface Channel {
  readonly topicArn: string;
  readonly confirmed: number;
  /** Subscriptions that nobody has confirmed yet. */
  readonly pending: number;
}

/** A page on a topic without a confirmed subscription reaches nobody. */
export function channelReachable({ topicArn, confirmed, pending }: Channel): Check {
  const found = `${topicArn} has ${confirmed} confirmed subscriptions (${pending} pending)`;
  const remedy = `aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint ADDRESS`;
  return judged(
    'notification-channel',
    confirmed > 0,
    `${found}; at least 1 is allowed${confirmed > 0 ? '' : `, or a page reaches nobody. Subscribe and confirm: ${remedy}`}`,
  );
}
