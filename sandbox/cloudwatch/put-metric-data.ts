import * as v from 'valibot';
import { listOf, members, read, text } from '../aws/input.ts';
import { AwsError, type Operation } from '../aws/protocol.ts';
import { combination } from './errors.ts';
import { dimensions, metricOf } from './metric-data-query.ts';
import { type Measured, type Metric, type Sample, sampleOf } from './metrics.ts';
import { unit } from './units.ts';

const BIGGEST = 2 ** 360;
const MOST_METRICS = 1_000;
const MOST_VALUES = 150;
const OLDEST_MS = 14 * 24 * 3_600_000;
const AHEAD_MS = 2 * 3_600_000;

const RULE = 'must be a number from -2^360 to 2^360';
const number = v.pipe(v.number(RULE), v.minValue(-BIGGEST, RULE), v.maxValue(BIGGEST, RULE));
const count = v.pipe(number, v.minValue(0, 'must not be negative'));

const datum = members({
  MetricName: v.optional(text),
  Dimensions: v.optional(dimensions, []),
  /** Seconds. */
  Timestamp: v.optional(v.number('must be a time')),
  Value: v.optional(number),
  Values: v.optional(listOf(number, MOST_VALUES, 1)),
  Counts: v.optional(listOf(count, MOST_VALUES, 1)),
  StatisticValues: v.optional(
    members({
      SampleCount: v.pipe(number, v.gtValue(0, 'must be more than 0')),
      Sum: number,
      Minimum: number,
      Maximum: number,
    }),
  ),
  Unit: v.optional(unit),
  StorageResolution: v.optional(v.picklist([1, 60], 'must be 1 or 60')),
});
type PutDatum = v.InferOutput<typeof datum>;

const input = members({
  Namespace: v.optional(text),
  MetricData: v.optional(listOf(datum, MOST_METRICS, 1)),
});

/** Nothing of a call is kept when any of it is wrong. */
export function putMetricData(add: (metric: Metric, sample: Sample) => void, now: () => number): Operation {
  return (asked) => {
    const { Namespace, MetricData } = read(input, asked, 'InvalidParameterValueException');
    if (Namespace === undefined) throw missing('Namespace');
    if (MetricData === undefined) throw missing('MetricData');
    // On AWS these are for AWS alone; the sandbox's services measure themselves without this operation.
    if (Namespace.startsWith('AWS/')) throw wrong(`The namespace '${Namespace}' must not begin with AWS/.`);
    const all = MetricData.map((each) => [metric(Namespace, each), sample(each, now())] as const);
    for (const [of, found] of all) if (found) add(of, found);
    return {};
  };
}

function metric(Namespace: string, { MetricName, Dimensions }: PutDatum): Metric {
  if (MetricName === undefined) throw missing('MetricData.MetricName');
  return metricOf({ Namespace, MetricName, Dimensions });
}

function sample(given: PutDatum, nowMs: number): Sample | undefined {
  const { MetricName, Value, Values, Counts, StatisticValues } = given;
  const ways = [Value, Values, StatisticValues].filter((way) => way !== undefined).length;
  if (ways === 0) throw missing('MetricData.Value, Values or StatisticValues');
  if (ways > 1)
    throw combination(`'${MetricName}' may have one of Value, Values and StatisticValues; it has ${ways}.`);
  if (Counts !== undefined && Counts.length !== Values?.length)
    throw combination(`'${MetricName}' has ${Counts.length} Counts for ${Values?.length ?? 0} Values.`);
  const [atMs, unitOf] = [timeOf(given, nowMs), given.Unit];
  if (StatisticValues) return statisticSet(atMs, unitOf, StatisticValues);
  const values: Pick<Measured, 'values' | 'counts'> = Counts
    ? { values: Values ?? [], counts: Counts }
    : { values: Values ?? [Value ?? 0] };
  return sampleOf({ atMs, ...values, ...(unitOf !== undefined && { unit: unitOf }) });
}

function timeOf({ MetricName, Timestamp }: PutDatum, nowMs: number): number {
  if (Timestamp === undefined) return nowMs;
  const atMs = Timestamp * 1_000;
  if (atMs >= nowMs - OLDEST_MS && atMs <= nowMs + AHEAD_MS) return atMs;
  throw wrong(`The Timestamp of '${MetricName}' must be from two weeks ago to two hours ahead.`);
}

/** Percentiles need the values: they are known here only when all of them are the same. */
function statisticSet(
  atMs: number,
  unit: string | undefined,
  { SampleCount, Sum, Minimum, Maximum }: NonNullable<PutDatum['StatisticValues']>,
): Sample {
  if (Minimum > Maximum) throw wrong(`The Minimum ${Minimum} must not exceed the Maximum ${Maximum}.`);
  const isOneValue = Minimum === Maximum && Sum === Minimum * SampleCount;
  const values = isOneValue ? ([[Minimum, SampleCount]] as const) : undefined;
  return { atMs, unit, count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum, values };
}

function missing(name: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
}

function wrong(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
