import * as v from 'valibot';
import { parseCondition } from './condition.ts';
import { ConditionError } from './condition-error.ts';
import { DURATION_FORM, DurationError, parseDuration } from './duration.ts';
import { must, text } from './fields.ts';
import { wrong } from './message.ts';

/** Becomes part of resource names and file names. */
export function name() {
  return text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "a name of 1 to 64 letters, digits, '-', '_' or '.' that begins with a letter or digit",
    'It becomes part of resource and file names.',
  );
}

export function ecsName() {
  return text(/^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, '-' or '_'");
}

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html */
export function pipelineName() {
  return text(/^[A-Za-z0-9.@_-]{1,100}$/, "1 to 100 letters, digits, '.', '@', '-' or '_'");
}

/** One line that people read. */
export function line(most: number) {
  const form = new RegExp(`^(?=.*\\S)[^\\u0000-\\u001f\\u007f]{1,${most}}$`);
  return text(form, `one line of 1 to ${most} characters`);
}

/** A duration as people write it, in milliseconds after parsing. */
export function duration(least: string, most: string) {
  const allowed = `a duration from ${least} to ${most}`;
  return v.pipe(
    v.string(must(allowed, `Write it like ${least} or ${most}.`)),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const ms = attempt(() => parseDuration(dataset.value), DurationError);
      if (ms instanceof Error) addIssue({ message: `must be ${allowed}. ${ms.message}` });
      else if (ms < parseDuration(least) || ms > parseDuration(most)) {
        addIssue({ message: wrong(allowed, dataset.value) });
      } else return ms;
      return NEVER;
    }),
    v.metadata({ pattern: DURATION_FORM.source, examples: [least, most] }),
  );
}

/** `smoke failed 3 times running` and its kin, or the name of an alarm. */
export function condition() {
  return v.pipe(
    v.string(must("a condition in words, like 'smoke failed 3 times running'")),
    v.rawTransform<string, ReturnType<typeof parseCondition>>(({ dataset, addIssue, NEVER }) => {
      const read = attempt(() => parseCondition(dataset.value), ConditionError);
      if (!(read instanceof Error)) return read;
      addIssue({ message: read.message });
      return NEVER;
    }),
  );
}

/** A part of a whole: `1%` or 0.01. */
export function share(mostPercent: number) {
  const message = must(`a share from 0% to ${mostPercent}%, like 1% or 0.01`);
  return v.pipe(
    v.union([v.number(), v.string()], message),
    v.rawTransform<string | number, number>(({ dataset, addIssue, NEVER }) => {
      const value = typeof dataset.value === 'number' ? dataset.value : ofPercent(dataset.value);
      if (value >= 0 && value <= mostPercent / 100) return value;
      addIssue({ message: message({ input: dataset.value }) });
      return NEVER;
    }),
  );
}

function ofPercent(written: string): number {
  const percent = /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(written)?.[1];
  return percent === undefined ? Number.NaN : Number(percent) / 100;
}

/** Only the expected error is a value; anything else is a fault and goes on. */
function attempt<Value, Expected extends Error>(
  read: () => Value,
  expected: new (message: string) => Expected,
): Value | Expected {
  try {
    return read();
  } catch (error) {
    if (error instanceof expected) return error;
    throw error;
  }
}
