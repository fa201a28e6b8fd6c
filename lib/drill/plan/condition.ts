import { ConditionError, within } from './condition-error.ts';
import {
  type PipelineFailureCondition,
  pipelineFailureText,
  readPipelineFailure,
} from './pipeline-failure.ts';
import { parseWindowed, WINDOWED_EXAMPLES, type WindowedCondition, windowedText } from './windowed.ts';

/** Who sees a trigger. */
export type Observer = (typeof OBSERVERS)[number];

export const OBSERVERS = ['probe', 'alarm', 'deployment-event', 'pipeline-event', 'person'] as const;

export type Condition =
  | { readonly kind: 'consecutive-failures'; readonly count: number }
  | { readonly kind: 'failures-in-window'; readonly failures: number; readonly samples: number }
  | WindowedCondition
  /** An alarm of CloudWatch, by its name. */
  | { readonly kind: 'alarm'; readonly alarm: string }
  | { readonly kind: 'deployment-failed' }
  /** So many tasks of the known-bad release ended by themselves, or never started. */
  | { readonly kind: 'tasks-failed'; readonly count: number }
  /** The pipeline execution that releases the known-bad release failed: there, or anywhere. */
  | PipelineFailureCondition
  | { readonly kind: 'reported' };

interface Form {
  readonly kinds: readonly Condition['kind'][];
  readonly observedBy: Observer;
  readonly examples: readonly string[];
  /** `undefined` when the text has another form. */
  readonly read: (text: string) => Condition | undefined;
}

const MOST_FAILURES_RUNNING = 100;
const MOST_SAMPLES = 1_000;
const MOST_TASKS = 1_000;

/** The whole grammar: one row for each form of condition. */
const FORMS: readonly Form[] = [
  {
    kinds: ['consecutive-failures'],
    observedBy: 'probe',
    examples: ['smoke failed 3 times running'],
    read: numbers(/^smoke failed (\d{1,9}) times? running$/, (count = 0) => ({
      kind: 'consecutive-failures',
      count: within('the failures running', count, 1, MOST_FAILURES_RUNNING),
    })),
  },
  {
    kinds: ['failures-in-window'],
    observedBy: 'probe',
    examples: ['8 of the last 20 failed'],
    read: numbers(/^(\d{1,9}) of the last (\d{1,9}) failed$/, (failures = 0, samples = 0) => ({
      kind: 'failures-in-window',
      samples: within('the samples of the window', samples, 1, MOST_SAMPLES),
      failures: within('the failures in the window', failures, 1, samples),
    })),
  },
  {
    kinds: ['error-rate', 'latency'],
    observedBy: 'probe',
    examples: WINDOWED_EXAMPLES,
    read: parseWindowed,
  },
  {
    kinds: ['deployment-failed'],
    observedBy: 'deployment-event',
    examples: ['deployment failed'],
    read: numbers(/^deployment failed$/, () => ({ kind: 'deployment-failed' })),
  },
  {
    kinds: ['tasks-failed'],
    observedBy: 'deployment-event',
    examples: ['3 tasks failed'],
    read: numbers(/^(\d{1,9}) tasks? failed$/, (count = 0) => ({
      kind: 'tasks-failed',
      count: within('the failed tasks', count, 1, MOST_TASKS),
    })),
  },
  {
    kinds: ['pipeline-failed'],
    observedBy: 'pipeline-event',
    examples: ['stage Smoke failed', 'action Smoke/test failed', 'execution failed'],
    read: readPipelineFailure,
  },
  {
    kinds: ['reported'],
    observedBy: 'person',
    examples: ['reported by a person'],
    read: numbers(/^reported by a person$/, () => ({ kind: 'reported' })),
  },
];

/**
 * Reads a condition as people write it. Every other text is the name of an alarm: whether it may be one depends on who
 * observes it. Throws a ConditionError for numbers that are not allowed.
 */
export function parseCondition(text: string): Condition {
  const plain = text.trim().replace(/\s+/g, ' ');
  for (const { read } of FORMS) {
    const condition = read(plain);
    if (condition) return condition;
  }
  return alarmNamed(text.trim());
}

/** The text that `parseCondition` reads as the same condition, for people. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'consecutive-failures':
      return `smoke failed ${condition.count} times running`;
    case 'failures-in-window':
      return `${condition.failures} of the last ${condition.samples} failed`;
    case 'error-rate':
    case 'latency':
      return windowedText(condition);
    case 'alarm':
      return condition.alarm;
    case 'deployment-failed':
      return 'deployment failed';
    case 'tasks-failed':
      return `${condition.count} tasks failed`;
    case 'pipeline-failed':
      return pipelineFailureText(condition);
    case 'reported':
      return 'reported by a person';
    default:
      return condition satisfies never;
  }
}

/** The observer that can see this kind of condition. */
export function observerOf({ kind }: Condition): Observer {
  return FORMS.find(({ kinds }) => kinds.includes(kind))?.observedBy ?? 'alarm';
}

/** The forms that an observer can see, for an error message. */
export function formsFor(observer: Observer): readonly string[] {
  if (observer === 'alarm') return ['the name of an alarm'];
  const examples = FORMS.filter((form) => form.observedBy === observer).flatMap((form) => form.examples);
  return examples.map((example) => `'${example}'`);
}

/** The fewest probes that must fail before the condition can hold; `null` when their number does not decide it. */
export function fewestFailures(condition: Condition): number | null {
  if (condition.kind === 'consecutive-failures') return condition.count;
  return condition.kind === 'failures-in-window' ? condition.failures : null;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmNamed(alarm: string): Condition {
  if (/^\P{Cc}{1,255}$/u.test(alarm)) return { kind: 'alarm', alarm };
  throw new ConditionError('must be a condition, or the name of an alarm: one line of 1 to 255 characters.');
}

function numbers(pattern: RegExp, read: (...numbers: number[]) => Condition): Form['read'] {
  return (text) => {
    const found = pattern.exec(text);
    return found ? read(...found.slice(1).map(Number)) : undefined;
  };
}
