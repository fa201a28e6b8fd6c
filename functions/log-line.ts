import type { MiddlewareObj } from '@middy/core';

/**
 * One line of JSON for each invocation, with the drill that it was about. Where a drill was measured, the line is also an
 * embedded metric: CloudWatch takes the values out of the log by itself.
 */
export function logLine(): MiddlewareObj {
  let startedAt = 0;
  const write = (event: unknown, response: unknown, rest: object): void => {
    const line = {
      ...metricsIn(response),
      drillId: drillIdIn(event, response),
      state: textAt(event, 'state'),
      function: process.env.AWS_LAMBDA_FUNCTION_NAME,
      durationMs: Date.now() - startedAt,
      ...rest,
    };
    console.log(JSON.stringify(line));
  };
  return {
    before: () => {
      startedAt = Date.now();
    },
    after: ({ event, response }) => write(event, response, { level: 'info', response: inBrief(response) }),
    onError: ({ event, error }) => write(event, undefined, { level: 'error', error: told(error) }),
  };
}

/** A state is told its drill, an event of an execution names it, a request has it in its path, and some find it first. */
function drillIdIn(event: unknown, response: unknown): string | undefined {
  const detail = field(event, 'detail');
  const ofExecution = field(detail, 'status') === undefined ? undefined : textAt(detail, 'name');
  const ofRequest = /^\/drills\/([^/]+)/.exec(textAt(event, 'rawPath') ?? '')?.[1];
  return textAt(event, 'drillId') ?? ofExecution ?? ofRequest ?? textAt(response, 'drillId');
}

/** Each of these costs as much as 16 state transitions in the hour of a drill: the others are searched for in the log. */
const METRICS = [
  { Name: 'rehearsalTimerMs', Unit: 'Milliseconds' },
  { Name: 'passed', Unit: 'None' },
] as const;

const NAMESPACE = 'RollbackDrills';

/**
 * By target and not by drill: every combination of dimensions is a metric of its own. An unknown figure is no value.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricsIn(response: unknown): object {
  const measured = field(response, 'measured');
  if (measured === undefined) return {};
  const Metrics = METRICS.filter(({ Name }) => typeof field(measured, Name) === 'number');
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [['target']], Metrics }];
  return { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...(measured as object) };
}

/** Of an answer to an HTTP request its status: what is in it lies in the records. */
function inBrief(response: unknown): unknown {
  const statusCode = field(response, 'statusCode');
  return typeof statusCode === 'number' ? { statusCode } : response;
}

function told(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : error;
}

function textAt(value: unknown, key: string): string | undefined {
  const text = field(value, key);
  return typeof text === 'string' ? text : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}
