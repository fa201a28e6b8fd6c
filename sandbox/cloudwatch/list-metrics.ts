import * as v from 'valibot';
import { listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type Operation } from '../aws/protocol.ts';
import type { Metric, Metrics } from './metrics.ts';

const PAGE_SIZE = 500;

const input = members({
  Namespace: v.optional(text),
  MetricName: v.optional(text),
  Dimensions: v.optional(listOf(members({ Name: text, Value: v.optional(text) }), 10), []),
  RecentlyActive: v.optional(oneOf(['PT3H'])),
  NextToken: v.optional(text, '0'),
});

/** Metrics that have all the dimensions asked for, and perhaps more; those of the last three hours, as no other is kept. */
export function listMetrics(metrics: Metrics): Operation {
  return (asked) => {
    const { NextToken, ...wanted } = read(input, asked, 'InvalidParameterValueException');
    if (!/^\d+$/.test(NextToken))
      throw new AwsError('InvalidParameterValueException', `NextToken '${NextToken}' is none.`);
    const found = metrics.all().filter((metric) => isWanted(metric, wanted));
    const next = Number(NextToken) + PAGE_SIZE;
    return {
      Metrics: found.slice(Number(NextToken), next).map(described),
      ...(next < found.length && { NextToken: String(next) }),
    };
  };
}

function isWanted(
  { namespace, name, dimensions }: Metric,
  { Namespace = namespace, MetricName = name, Dimensions }: Omit<v.InferOutput<typeof input>, 'NextToken'>,
): boolean {
  return (
    Namespace === namespace &&
    MetricName === name &&
    Dimensions.every(
      ({ Name, Value }) =>
        Object.hasOwn(dimensions, Name) && (Value ?? dimensions[Name]) === dimensions[Name],
    )
  );
}

function described({ namespace, name, dimensions }: Metric) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}
