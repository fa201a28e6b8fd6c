import * as v from 'valibot';
import { sqsError } from './errors.ts';

/** How a queue is configured. Times in seconds, sizes in bytes. */
export interface Settings {
  readonly numbers: Readonly<Record<NumberName, number>>;
  readonly redrive?: RedrivePolicy | undefined;
}

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export type Attributes = Readonly<Record<string, string>>;

interface Bounds {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const NUMBERS = {
  VisibilityTimeout: { usual: 30, least: 0, most: 43_200 },
  DelaySeconds: { usual: 0, least: 0, most: 900 },
  MaximumMessageSize: { usual: 1_048_576, least: 1_024, most: 1_048_576 },
  MessageRetentionPeriod: { usual: 345_600, least: 60, most: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { usual: 0, least: 0, most: 20 },
} as const satisfies Record<string, Bounds>;

type NumberName = keyof typeof NUMBERS;

const USUAL: Settings = {
  numbers: {
    VisibilityTimeout: NUMBERS.VisibilityTimeout.usual,
    DelaySeconds: NUMBERS.DelaySeconds.usual,
    MaximumMessageSize: NUMBERS.MaximumMessageSize.usual,
    MessageRetentionPeriod: NUMBERS.MessageRetentionPeriod.usual,
    ReceiveMessageWaitTimeSeconds: NUMBERS.ReceiveMessageWaitTimeSeconds.usual,
  },
};

/** What AWS has and the sandbox refuses to be set. */
export const UNSUPPORTED: ReadonlySet<string> = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);
const FIFO = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);

/** Settings after these attributes were set. Throws InvalidAttributeName, InvalidAttributeValue, UnsupportedOperation. */
export function settingsFrom(attributes: Attributes, current: Settings = USUAL): Settings {
  return Object.entries(attributes).reduce(withAttribute, current);
}

/** As they were set, in the strings in which SQS tells them. */
export function attributesOf({ numbers, redrive }: Settings): Attributes {
  const told = Object.entries(numbers).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(told), ...(redrive && { RedrivePolicy: JSON.stringify(redrive) }) };
}

function withAttribute(settings: Settings, [name, value]: readonly [string, string]): Settings {
  if (isNumber(name))
    return { ...settings, numbers: { ...settings.numbers, [name]: boundedNumber(name, value) } };
  if (name === 'RedrivePolicy') return { ...settings, redrive: redriveFrom(value) };
  if (FIFO.has(name))
    throw sqsError('UnsupportedOperation', 'The sandbox has standard queues only, no FIFO.');
  if (UNSUPPORTED.has(name))
    throw sqsError('InvalidAttributeName', `The sandbox does not support the attribute ${name}.`);
  throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

function isNumber(name: string): name is NumberName {
  return Object.hasOwn(NUMBERS, name);
}

function boundedNumber(name: NumberName, text: string): number {
  const { least, most } = NUMBERS[name];
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw wrongValue(name, `'${text}' is no whole number from ${least} to ${most}`);
}

const count = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
  v.integer(),
  v.minValue(1),
  v.maxValue(1_000),
);
const redrivePolicy = v.strictObject({
  deadLetterTargetArn: v.pipe(v.string(), v.regex(/^arn:aws:sqs:/)),
  maxReceiveCount: count,
});

/** An empty policy takes the policy away. */
function redriveFrom(text: string): RedrivePolicy | undefined {
  if (text === '') return undefined;
  const result = v.safeParse(redrivePolicy, parsed(text));
  if (result.success) return result.output;
  throw wrongValue(
    'RedrivePolicy',
    'it is JSON with a deadLetterTargetArn and a maxReceiveCount from 1 to 1000',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongValue(name: string, reason: string) {
  return sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}.`);
}
