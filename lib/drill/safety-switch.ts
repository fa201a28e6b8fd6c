/** The account-wide switch that blocks new drills and stops running ones. */
export type SafetySwitchState =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly reason: string }
  /** Nobody has set it. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly value: string };

const LONGEST_VALUE = 80;

/** Reads `off`, `on` or `on: REASON`. */
export function parseSafetySwitch(value: string): SafetySwitchState {
  const written = value.trim();
  if (/^off$/i.test(written)) return { kind: 'off' };
  const reason = /^on(?:\s*:\s*(.*))?$/is.exec(written);
  if (reason) return { kind: 'on', reason: reason[1]?.trim() || 'no reason given' };
  return { kind: 'unknown', value: written.slice(0, LONGEST_VALUE) };
}

/** What `parseSafetySwitch` reads; line breaks of a reason become blanks. */
export function formatSafetySwitch(state: SafetySwitchState & { kind: 'on' | 'off' }): string {
  return state.kind === 'off' ? 'off' : `on: ${state.reason.replace(/\s+/g, ' ').trim()}`;
}

/**
 * Whether a running drill stops. Somebody who writes anything but `off` wants it to stop; a switch that is not there says
 * nothing about a drill that has begun.
 */
export function stopsDrills(state: SafetySwitchState): boolean {
  return state.kind === 'on' || state.kind === 'unknown';
}

/** One line for people. */
export function describeSafetySwitch(state: SafetySwitchState): string {
  switch (state.kind) {
    case 'off':
      return 'off';
    case 'on':
      return `on: ${state.reason}`;
    case 'missing':
      return 'not there';
    case 'unknown':
      return `"${state.value}", which is neither off nor on`;
    default:
      return state satisfies never;
  }
}
