import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { withContext } from './context.ts';
import { parseExpression } from './expression.ts';
import { isTimeZone } from './wall-clock.ts';

export interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly RetryPolicy: {
    readonly MaximumRetryAttempts: number;
    readonly MaximumEventAgeInSeconds: number;
  };
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

/** What a user said about a schedule, in the API's own names, with the defaults filled in. Dates are epoch seconds. */
export interface Definition {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly Description?: string;
  readonly KmsKeyArn?: string;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: JsonObject;
  readonly Target: Target;
}

const NAME = /^[0-9a-zA-Z_.-]{1,64}$/;
const MAX_INPUT_BYTES = 262_144;
const TARGET_MEMBERS = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'];

export function checkName(name: string): string {
  if (!NAME.test(name)) throw invalid(`Name '${name}' must satisfy the pattern ${NAME.source}`);
  return name;
}

/** Throws ValidationException. */
export function definitionFrom(input: JsonObject): Definition {
  const { ScheduleExpression, ScheduleExpressionTimezone = 'UTC', StartDate, EndDate } = input;
  const { Description, KmsKeyArn } = input;
  checkExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (typeof StartDate === 'number' && typeof EndDate === 'number' && EndDate <= StartDate)
    throw invalid('The EndDate must be after the StartDate.');
  return {
    ScheduleExpression: String(ScheduleExpression),
    ScheduleExpressionTimezone: String(ScheduleExpressionTimezone),
    ...(typeof StartDate === 'number' && { StartDate }),
    ...(typeof EndDate === 'number' && { EndDate }),
    ...(typeof Description === 'string' && { Description }),
    ...(typeof KmsKeyArn === 'string' && { KmsKeyArn }),
    State: oneOf(input, 'State', ['ENABLED', 'DISABLED']),
    ActionAfterCompletion: oneOf(input, 'ActionAfterCompletion', ['NONE', 'DELETE']),
    FlexibleTimeWindow: windowFrom(objectOf(input, 'FlexibleTimeWindow')),
    Target: targetFrom(objectOf(input, 'Target')),
  };
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function checkExpression(text: unknown, timeZone: unknown): void {
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone))
    throw invalid(`The ScheduleExpressionTimezone '${timeZone}' is not supported.`);
  try {
    parseExpression(String(text), timeZone);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`Invalid Schedule Expression ${text}: ${reason}.`);
  }
}

function windowFrom(window: JsonObject): JsonObject {
  const { Mode, MaximumWindowInMinutes: minutes } = window;
  if (Mode === 'OFF' && minutes === undefined) return { Mode };
  if (Mode === 'FLEXIBLE' && typeof minutes === 'number' && minutes >= 1 && minutes <= 1440) return window;
  throw invalid('FlexibleTimeWindow is OFF, or FLEXIBLE with MaximumWindowInMinutes from 1 to 1440.');
}

function targetFrom(target: JsonObject): Target {
  const { Arn, RoleArn, Input, DeadLetterConfig } = target;
  if (typeof Arn !== 'string' || !Arn.startsWith('arn:')) throw invalid('Target.Arn must be an ARN.');
  if (typeof RoleArn !== 'string' || !RoleArn.startsWith('arn:'))
    throw invalid('Target.RoleArn must be an ARN.');
  if (Arn.startsWith('arn:aws:scheduler:::'))
    throw invalid(`The sandbox has no universal targets such as ${Arn}.`);
  const unsupported = Object.keys(target).filter((member) => !TARGET_MEMBERS.includes(member));
  if (unsupported.length > 0) throw invalid(`The sandbox does not support ${unsupported.join(', ')}.`);
  return {
    Arn,
    RoleArn,
    ...(Input !== undefined && { Input: inputFrom(Input) }),
    RetryPolicy: retryPolicyFrom(target),
    ...(typeof DeadLetterConfig === 'object' && DeadLetterConfig !== null && { DeadLetterConfig }),
  };
}

function inputFrom(input: unknown): string {
  const text = String(input);
  if (Buffer.byteLength(text) > MAX_INPUT_BYTES)
    throw invalid(`Target.Input is larger than ${MAX_INPUT_BYTES} bytes.`);
  try {
    JSON.parse(withContext(text, { scheduleArn: '', scheduledMs: 0, executionId: '', attempt: 1 }));
    return text;
  } catch {
    throw invalid('Target.Input must be a well-formed JSON.');
  }
}

function retryPolicyFrom(target: JsonObject): Target['RetryPolicy'] {
  const policy = target.RetryPolicy === undefined ? {} : objectOf(target, 'RetryPolicy');
  return {
    MaximumRetryAttempts: numberOf(policy, 'MaximumRetryAttempts', { min: 0, max: 185 }),
    MaximumEventAgeInSeconds: numberOf(policy, 'MaximumEventAgeInSeconds', { min: 60, max: 86_400 }),
  };
}

/** The default is the maximum, as on AWS. */
function numberOf(input: JsonObject, member: string, { min, max }: { min: number; max: number }): number {
  const value = input[member] ?? max;
  if (typeof value !== 'number' || value < min || value > max)
    throw invalid(`${member} must be from ${min} to ${max}.`);
  return value;
}

function objectOf(input: JsonObject, member: string): JsonObject {
  const value = input[member];
  if (typeof value !== 'object' || value === null) throw invalid(`${member} must not be null.`);
  return { ...value };
}

/** The first value is the default. */
function oneOf<T extends string>(input: JsonObject, member: string, values: readonly [T, T]): T {
  const value = input[member] ?? values[0];
  const found = values.find((allowed) => allowed === value);
  if (!found) throw invalid(`${member} must be one of ${values.join(', ')}.`);
  return found;
}
