/** A guardrail that was checked: value found and value allowed are in the reason. */
export interface Check {
  readonly name: string;
  readonly verdict: 'passed' | 'refused';
  readonly reason: string;
}

export function judged(name: string, holds: boolean, reason: string): Check {
  return { name, verdict: holds ? 'passed' : 'refused', reason };
}

const LONGEST_CAUSE = 500;

/** What cannot be read refuses. */
export function unreadable(name: string, { name: error, message }: Error): Check {
  return judged(name, false, `could not be read: ${error}: ${message.slice(0, LONGEST_CAUSE)}`);
}

export function hasRefusal(checks: readonly Check[]): boolean {
  return checks.some(({ verdict }) => verdict === 'refused');
}

/** Every refusal by its guardrail; empty when none refused. */
export function refusals(checks: readonly Check[]): string {
  return checks
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ name, reason }) => `${name}: ${reason}`)
    .join('; ');
}
