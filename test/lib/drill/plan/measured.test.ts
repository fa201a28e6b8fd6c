import { expect, test } from 'vitest';
import { changed, errorsOf } from './example.ts';

/** The errors of the example with this validation before its own, without the lines. */
function errorsWith(validation: string, ...changes: (readonly [string, string])[]): readonly string[] {
  const text = changed(['validations:\n', `validations:\n  - ${validation}\n`], ...changes);
  return errorsOf(text).map((error) => error.replace(/ \(line \d+\)/, ''));
}

const MONITORING = 'name: as-before, kind: monitoring';
const METRIC = 'name: orders, namespace: Shop, metric: Orders, stat: Sum';

test('monitoring that measures nothing is refused', () => {
  expect(errorsWith(`{ ${MONITORING} }`)).toEqual([
    'validations[0]: measures nothing. Give alarms, metrics or probes.',
  ]);
  expect(errorsWith(`{ ${MONITORING}, alarms: [errors] }`)).toEqual([]);
  expect(errorsWith(`{ ${MONITORING}, metrics: [{ ${METRIC} }] }`)).toEqual([]);
});

test.each([
  [
    `metrics: [{ ${METRIC}, period: 90s }]`,
    'validations[0].metrics[0].period: must be 1s, 5s, 10s, 20s, 30s or whole minutes.',
  ],
  [
    `metrics: [{ ${METRIC}, period: 5m }]`,
    'validations[0].metrics[0].period: leaves no time: until a whole period of 5m is over and published, 11m may pass; the timeout of the validation is 4m. Shorten the period, or wait longer.',
  ],
  [
    `timeout: 10s, metrics: [{ ${METRIC}, period: 5s }]`,
    'validations[0].metrics[0].period: leaves no time: until a whole period of 5s is over and published, 15s may pass; the timeout of the validation is 10s. Shorten the period, or wait longer.',
  ],
  [
    `metrics: [{ ${METRIC}, over: 30s }]`,
    'validations[0].metrics[0].over: must be at least one period (1m); received 30s.',
  ],
  [
    `metrics: [{ ${METRIC} }, { ${METRIC} }]`,
    'validations[0].metrics[1].name: must differ from the names of the other metrics; received "orders" again.',
  ],
  [
    `metrics: [{ ${METRIC.replace('Sum', 'tm99')} }]`,
    'validations[0].metrics[0].stat: must be Average, Sum, Minimum, Maximum, SampleCount or a percentile like p99; received "tm99".',
  ],
  [
    `metrics: [{ ${METRIC}, floor: -1 }]`,
    'validations[0].metrics[0].floor: must be a number from 0; received the number -1.',
  ],
  [
    `metrics: [{ ${METRIC}, missing: ignore }]`,
    'validations[0].metrics[0].missing: must be refuse or zero; received "ignore".',
  ],
])('a metric that cannot be measured is refused: %s', (options, error) => {
  expect(errorsWith(`{ ${MONITORING}, ${options} }`)).toEqual([error]);
});

test('a percentile of fewer probes than it needs is refused', () => {
  expect(errorsWith(`{ ${MONITORING}, probes: {} }`)).toEqual([
    'validations[0].probes.percentile: needs 20 probes, and the steady state may have 5. Raise steadyState.minimumSamples to 20, or take a lower percentile.',
  ]);
  const many = ['  for: 10s\n', '  for: 2m\n  minimumSamples: 100\n'] as const;
  expect(errorsWith(`{ ${MONITORING}, timeout: 1m, probes: { percentile: p99 } }`, many)).toEqual([
    'validations[0].probes.percentile: leaves no time: 100 probes × 1s and 15s until they are stored are 1m55s; the timeout of the validation is 1m. Wait longer, or take a lower percentile.',
  ]);
  expect(errorsWith(`{ ${MONITORING}, timeout: 2m, probes: { percentile: p99 } }`, many)).toEqual([]);
});

test.each([
  ['{}', 'must have exactly one of name or url; received none of them.'],
  [
    '{ name: orders, url: https://sqs.eu-west-1.amazonaws.com/123456789012/orders }',
    'must have exactly one of name or url; received both.',
  ],
])('a queue that is not named once is refused: %s', (queue, error) => {
  expect(errorsWith(`{ name: done, kind: background-work, queues: [${queue}] }`)).toEqual([
    `validations[0].queues[0]: ${error}`,
  ]);
});

test('a queue is named by its name or by its URL, and nothing else', () => {
  const queues = (text: string) => errorsWith(`{ name: done, kind: background-work, queues: ${text} }`);
  expect(queues('[{ name: orders }, { url: "http://127.0.0.1:4566/000000000000/orders" }]')).toEqual([]);
  expect(queues('[]')).toEqual([
    'validations[0].queues: must be a list of 1 to 20 queues; received an empty list.',
  ]);
  expect(queues('[{ name: "orders/2" }]')).toEqual([
    'validations[0].queues[0].name: must be the name of an SQS queue: 1 to 80 letters, digits, - or _, with .fifo at its end if it is one; received "orders/2".',
  ]);
});

test('a part of the configuration that is none cannot be excepted', () => {
  expect(errorsWith('{ name: as-before, kind: configuration, except: [desired] }')).toEqual([
    'validations[0].except[0]: must be task-definition, images, image-tags, desired-count, deployment-configuration, load-balancers or secrets; received "desired".',
  ]);
});
