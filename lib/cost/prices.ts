/**
 * List prices of us-east-1 in US dollars, without free tiers and discounts, as AWS published them in 2025. Nothing looks
 * them up: whoever changes one changes `PRICES_AS_OF` too, and generates the README's section again.
 */
export const PRICES_AS_OF = '2025-11';

/** What a drill is charged by. */
export const METERS = {
  gigabyteSeconds: {
    what: 'Lambda on arm64: GB-seconds',
    usd: 0.0000133334,
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  invocations: {
    what: 'Lambda: requests',
    usd: 0.2 / 1_000_000,
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  transitions: {
    what: 'Step Functions, Standard: state transitions',
    usd: 0.025 / 1_000,
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  readUnits: {
    what: 'DynamoDB on demand: read request units',
    usd: 0.125 / 1_000_000,
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  writeUnits: {
    what: 'DynamoDB on demand: write request units',
    usd: 0.625 / 1_000_000,
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  puts: {
    what: 'S3: PUT and LIST requests',
    usd: 0.005 / 1_000,
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  gets: {
    what: 'S3: GET requests',
    usd: 0.0004 / 1_000,
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  // That AWS charges for reading the state of alarms is not documented clearly; here it is charged like other reads.
  metricReads: {
    what: 'CloudWatch: alarms and metrics read',
    usd: 0.01 / 1_000,
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  logBytes: {
    what: 'CloudWatch Logs: bytes taken in',
    usd: 0.5 / 2 ** 30,
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  metricHours: {
    what: 'CloudWatch: custom metrics, for an hour each',
    usd: 0.3 / 730,
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  publishes: {
    what: 'SNS: messages, each to one e-mail address',
    usd: 0.5 / 1_000_000 + 2 / 100_000,
    source: 'https://aws.amazon.com/sns/pricing/',
  },
  secretReads: {
    what: 'Secrets Manager: calls',
    usd: 0.05 / 10_000,
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  schedules: {
    what: 'EventBridge Scheduler: invocations',
    usd: 1 / 1_000_000,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  traces: {
    what: 'X-Ray: traces recorded',
    usd: 5 / 1_000_000,
    source: 'https://aws.amazon.com/xray/pricing/',
  },
} as const;

export type Meter = keyof typeof METERS;

/** What is stored, US dollars for a GB and a month. */
export const STORED = {
  tableGigabyte: { what: 'the table, a drill about 0.2 MB; its probes, 0.3 MB, for a month', usd: 0.25 },
  recoveryGigabyte: { what: 'its point-in-time recovery', usd: 0.2 },
  bucketGigabyte: { what: 'receipts and probe series, a drill about 0.3 MB', usd: 0.023 },
  logGigabyte: { what: 'logs, kept for three months, a drill about 0.1 MB', usd: 0.03 },
} as const;

/** AWS Fault Injection Service, for comparison. https://aws.amazon.com/fis/pricing/ */
export const FIS_USD_PER_ACTION_MINUTE = 0.1;
