import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lambda } from '../../functions/stack.ts';
import { measuredOf } from '../../lib/drill/measured.ts';
import { NO_RECEIPTS, seal } from '../../lib/drill/seal.ts';
import { unsealed } from '../lib/drill/fixtures/receipts.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 1_000 };

describe('the log of a function', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each([
    ['a state', { drillId: 'drill-1', state: 'RollBack' }, {}],
    ['the end of an execution', { detail: { name: 'drill-1', status: 'FAILED' } }, {}],
    ['a request', { rawPath: '/drills/drill-1/abort' }, { statusCode: 202, body: 'a long one' }],
    [
      'an event of the target',
      { detail: { deploymentId: 'ecs-svc/1' } },
      { observed: true, drillId: 'drill-1' },
    ],
  ])('names the drill that it is about, on one line: %s', async (_, event, response) => {
    const line = await logged(event, async () => response);
    expect(line).toMatchObject({ drillId: 'drill-1', level: 'info' });
    expect(JSON.stringify(line)).not.toContain('a long one');
  });

  test('names it also where the function broke, with what it broke of', async () => {
    const broken = async (): Promise<never> => {
      throw new TypeError('it is broken');
    };
    expect(await logged({ drillId: 'drill-1', state: 'RollBack' }, broken)).toMatchObject({
      drillId: 'drill-1',
      state: 'RollBack',
      level: 'error',
      error: { name: 'TypeError', message: 'it is broken' },
    });
  });

  test('has a metric only for figures that are known, by target and never by drill', async () => {
    const measured = measuredOf(seal(unsealed(), NO_RECEIPTS));
    const whole = await logged({ drillId: 'drill-1' }, async () => ({ kind: 'sealed', measured }));
    expect(whole).toMatchObject({
      target: measured.target,
      passed: 1,
      rehearsalTimerMs: measured.rehearsalTimerMs,
    });
    expect(metricsOf(whole)).toEqual(['rehearsalTimerMs', 'passed']);
    const unknown = { ...measured, rehearsalTimerMs: null };
    expect(metricsOf(await logged({ drillId: 'drill-1' }, async () => ({ measured: unknown })))).toEqual([
      'passed',
    ]);
    expect(await logged({ drillId: 'drill-1' }, async () => ({ kind: 'sealed' }))).not.toHaveProperty('_aws');
  });
});

interface Line {
  readonly _aws?: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly { Dimensions: unknown; Metrics: readonly { Name: string }[] }[];
  };
}

function metricsOf({ _aws }: Line): readonly string[] {
  const [directive] = _aws?.CloudWatchMetrics ?? [];
  expect(directive).toMatchObject({ Namespace: 'RollbackDrills', Dimensions: [['target']] });
  expect(Math.abs((_aws?.Timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
  return directive?.Metrics.map(({ Name }) => Name) ?? [];
}

/** What one invocation writes: one line of JSON, and nothing else. */
async function logged(event: object, run: () => Promise<unknown>): Promise<Line> {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {});
  await lambda(v.looseObject({}), run)(event, CONTEXT).catch(() => {});
  const lines = written.mock.calls.map(([line]) => String(line));
  written.mockRestore();
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Line;
}
