import * as v from 'valibot';
import { closed, listOf, mapOf, must, oneOf, section, text } from '../fields.ts';
import { alarms } from '../guardrails.ts';
import { PERCENTILES } from '../windowed.ts';
import { duration, line, name, share } from '../words.ts';
import { common } from './every-kind.ts';

/** Alarms are OK again, and what is measured is again as it was before the drill. */
export function monitoring() {
  return closed({
    ...common('monitoring', '4m'),
    alarms: v.optional(v.pipe(alarms(), v.description('CloudWatch alarms that must be OK')), []),
    metrics: v.optional(
      v.pipe(
        listOf(metric(), { least: 0, most: 20, what: 'metrics' }),
        v.description('metrics of CloudWatch that must be as before the drill'),
      ),
      [],
    ),
    probes: v.exactOptional(
      v.pipe(probes(), v.description('the latency and failures of the smoke probe must be as before')),
    ),
  });
}

/** A metric as CloudWatch knows it. */
function metricSource() {
  return {
    namespace: v.pipe(line(255), v.description('the namespace, like AWS/ApplicationELB')),
    metric: v.pipe(line(255), v.description('the name of the metric, like TargetResponseTime')),
    dimensions: v.optional(
      v.pipe(
        mapOf(line(255), line(1024), { least: 0, most: 30, what: 'dimensions' }),
        v.description('all dimensions of the metric'),
      ),
      {},
    ),
  };
}

function metric() {
  return section({
    name: v.pipe(name(), v.description('how this measurement is called, unique in its validation')),
    ...metricSource(),
    stat: v.pipe(stat(), v.description('the statistic: Average, Sum, p99 and the like')),
    period: v.optional(v.pipe(period(), v.description('the time of one value, like 60s')), '60s'),
    over: v.optional(
      v.pipe(duration('1s', '24h'), v.description('how long before the drill it is measured, like 15m')),
      '15m',
    ),
    unit: v.exactOptional(v.pipe(line(40), v.description('only values of this unit, like Milliseconds'))),
    within: v.optional(v.pipe(share(1_000), v.description('how much it may differ, like 10%')), '10%'),
    floor: v.optional(
      v.pipe(number(), v.description('a difference that never counts, in the unit of the metric')),
      0,
    ),
    direction: v.optional(
      v.pipe(
        oneOf(['above', 'below', 'both']),
        v.description('which difference counts: above, below or both'),
      ),
      'both',
    ),
    missing: v.optional(
      v.pipe(
        oneOf(['refuse', 'zero']),
        v.description(
          'what a period without data is: refuse, or zero for what is counted only when it happens',
        ),
      ),
      'refuse',
    ),
  });
}

function probes() {
  return section({
    percentile: v.optional(
      v.pipe(
        oneOf(PERCENTILES.map((rank) => `p${rank}` as const)),
        v.description('the latency that is compared'),
      ),
      'p95',
    ),
    within: v.optional(v.pipe(share(1_000), v.description('how much more it may be, like 10%')), '10%'),
    floor: v.optional(
      v.pipe(duration('1ms', '10s'), v.description('a longer latency that never counts, like 20ms')),
      '20ms',
    ),
  });
}

function stat() {
  return text(
    /^(?:Average|Sum|Minimum|Maximum|SampleCount|p(?:\d{1,2}(?:\.\d{1,10})?|100))$/,
    'Average, Sum, Minimum, Maximum, SampleCount or a percentile like p99',
  );
}

/** As CloudWatch has them. */
const SHORT_PERIODS_MS = [1_000, 5_000, 10_000, 20_000, 30_000];

function period() {
  return v.pipe(
    duration('1s', '1h'),
    v.check(
      (ms) => SHORT_PERIODS_MS.includes(ms) || ms % 60_000 === 0,
      'must be 1s, 5s, 10s, 20s, 30s or whole minutes.',
    ),
  );
}

function number() {
  const message = must('a number from 0');
  return v.pipe(v.number(message), v.minValue(0, message));
}
