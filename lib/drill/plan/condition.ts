/** Who sees a trigger. The product knows more observers than this version supports; see `PLANNED_OBSERVERS`. */
export type Observer = (typeof OBSERVERS)[number];

export const OBSERVERS = ['probe', 'deployment-event', 'person'] as const;
export const PLANNED_OBSERVERS = ['alarm', 'pipeline-event'] as const;

export type Condition =
  | { readonly kind: 'consecutive-failures'; readonly count: number }
  | { readonly kind: 'failures-in-window'; readonly failures: number; readonly samples: number }
  | { readonly kind: 'deployment-failed' }
  | { readonly kind: 'reported' };

/** A text that is no condition; the message names the forms that are. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

interface Form {
  readonly kind: Condition['kind'];
  readonly observedBy: Observer;
  readonly example: string;
  readonly pattern: RegExp;
  readonly read: (...numbers: number[]) => Condition;
}

const MOST_FAILURES_RUNNING = 100;
const MOST_SAMPLES = 1_000;

/** The whole grammar: one row for each form of condition. */
const FORMS: readonly Form[] = [
  {
    kind: 'consecutive-failures',
    observedBy: 'probe',
    example: 'smoke failed 3 times running',
    pattern: /^smoke failed (\d{1,9}) times? running$/,
    read: (count = 0) => ({
      kind: 'consecutive-failures',
      count: within('the failures running', count, 1, MOST_FAILURES_RUNNING),
    }),
  },
  {
    kind: 'failures-in-window',
    observedBy: 'probe',
    example: '8 of the last 20 failed',
    pattern: /^(\d{1,9}) of the last (\d{1,9}) failed$/,
    read: (failures = 0, samples = 0) => ({
      kind: 'failures-in-window',
      samples: within('the samples of the window', samples, 1, MOST_SAMPLES),
      failures: within('the failures in the window', failures, 1, samples),
    }),
  },
  {
    kind: 'deployment-failed',
    observedBy: 'deployment-event',
    example: 'deployment failed',
    pattern: /^deployment failed$/,
    read: () => ({ kind: 'deployment-failed' }),
  },
  {
    kind: 'reported',
    observedBy: 'person',
    example: 'reported by a person',
    pattern: /^reported by a person$/,
    read: () => ({ kind: 'reported' }),
  },
];

/** Reads a condition as people write it; throws a ConditionError that names the allowed forms. */
export function parseCondition(text: string): Condition {
  for (const { pattern, read } of FORMS) {
    const found = pattern.exec(text.trim().replace(/\s+/g, ' '));
    if (found) return read(...found.slice(1).map(Number));
  }
  const received = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  throw new ConditionError(`${received} is no condition. ${allowedForms()}`);
}

/** The observer that can see this kind of condition. */
export function observerOf(condition: Condition): Observer {
  return formOf(condition.kind).observedBy;
}

/** The forms that an observer can see, as examples for an error message. */
export function examplesFor(observer: Observer): string[] {
  return FORMS.filter((form) => form.observedBy === observer).map((form) => form.example);
}

/** The fewest probes that must fail before the condition can hold; `null` when it is not about probes. */
export function fewestFailures(condition: Condition): number | null {
  switch (condition.kind) {
    case 'consecutive-failures':
      return condition.count;
    case 'failures-in-window':
      return condition.failures;
    case 'deployment-failed':
    case 'reported':
      return null;
    default:
      return condition satisfies never;
  }
}

function formOf(kind: Condition['kind']): Form {
  const form = FORMS.find((row) => row.kind === kind);
  if (!form) throw new ConditionError(`No form of condition is known for '${kind}'.`);
  return form;
}

function allowedForms(): string {
  return `Write it like ${FORMS.map((form) => `'${form.example}' (${form.observedBy})`).join(', ')}.`;
}

function within(what: string, received: number, least: number, most: number): number {
  if (received >= least && received <= most) return received;
  throw new ConditionError(`${what} must be ${least} to ${most}; received ${received}.`);
}
