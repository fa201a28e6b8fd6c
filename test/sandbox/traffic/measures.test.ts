import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Datum } from '../../../sandbox/cloudwatch/metrics.ts';
import { startLoadBalancer } from '../../../sandbox/traffic/load-balancer.ts';
import { type Measures, measures } from '../../../sandbox/traffic/measures.ts';
import { type Targets, targetGroup } from '../../../sandbox/traffic/targets.ts';
import { startOrigin } from './origin.ts';

const ALL = { LoadBalancer: 'app/shop/1' };
const OF_GROUP = { TargetGroup: 'targetgroup/shop/1', LoadBalancer: 'app/shop/1' };

const open: { close(): Promise<void> }[] = [];
let reports: (readonly Datum[])[];
let targets: Targets;
let measured: Measures;

beforeEach(() => {
  reports = [];
  targets = targetGroup({ deregistrationDelayMs: 0 });
  measured = measures({
    loadBalancer: ALL.LoadBalancer,
    targetGroup: OF_GROUP.TargetGroup,
    targets: targets.all,
    report: (data) => reports.push(data),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const it of open.splice(0)) await it.close();
});

test('reports nothing while nobody asks, however healthy the targets are', () => {
  vi.useFakeTimers();
  targets.add(1, 'one', 1).health = 'healthy';
  vi.advanceTimersByTime(600_000);
  expect(reports).toEqual([]);
});

test('reports nothing again after requests have ended', () => {
  vi.useFakeTimers();
  measured.chosen();
  vi.advanceTimersByTime(600_000);
  expect(reports).toHaveLength(1);
});

test('counts no request for which there was no target, and no count of zero', async () => {
  const url = await loadBalancer();
  expect((await fetch(url)).status).toBe(503);
  await expect
    .poll(() => told())
    .toEqual({
      'HTTPCode_ELB_503_Count of all': 1,
      'HTTPCode_ELB_5XX_Count of all': 1,
    });
});

test('counts its own answer in place of a target that drops the connection for no target', async () => {
  const url = await loadBalancer();
  await target(() => undefined);
  expect((await fetch(url)).status).toBe(502);
  await expect
    .poll(() => told())
    .toEqual({
      'HTTPCode_ELB_502_Count of all': 1,
      'HTTPCode_ELB_5XX_Count of all': 1,
      'RequestCount of all': 1,
      'RequestCount of the group': 1,
      'HealthyHostCount of the group': 0,
      'UnHealthyHostCount of the group': 0,
    });
});

test('counts the answers of targets by their class, and takes the time of each in seconds', async () => {
  const url = await loadBalancer();
  const statuses = [200, 201, 304, 404, 500, 503];
  await target((asked) => statuses[asked]);
  targets.add(2, 'two', 1).health = 'unhealthy';
  targets.add(3, 'three', 1);
  const before = Date.now();
  for (const status of statuses) expect((await fetch(url)).status).toBe(status);
  await expect.poll(() => sum('RequestCount', ALL)).toBe(6);

  expect(new Set(data().map(({ namespace }) => namespace))).toEqual(new Set(['AWS/ApplicationELB']));
  for (const dimensions of [ALL, OF_GROUP]) {
    expect(sum('RequestCount', dimensions)).toBe(6);
    expect(sum('HTTPCode_Target_2XX_Count', dimensions)).toBe(2);
    expect(sum('HTTPCode_Target_3XX_Count', dimensions)).toBe(1);
    expect(sum('HTTPCode_Target_4XX_Count', dimensions)).toBe(1);
    expect(sum('HTTPCode_Target_5XX_Count', dimensions)).toBe(2);
    const times = data().filter((datum) => isAbout(datum, 'TargetResponseTime', dimensions));
    expect(times.flatMap(({ values }) => values)).toHaveLength(6);
    for (const { unit, values } of times) {
      expect(unit).toBe('Seconds');
      expect(Math.max(...values)).toBeLessThanOrEqual((Date.now() - before) / 1000);
    }
  }
  const hosts = (name: string) => data().find((datum) => isAbout(datum, name, OF_GROUP))?.values;
  expect([hosts('HealthyHostCount'), hosts('UnHealthyHostCount')]).toEqual([[1], [1]]);
});

test('holds back no more than some hundred answers', () => {
  for (let i = 0; i < 1_200; i += 1) {
    measured.chosen();
    measured.answered(200, 10);
  }
  expect(reports).toHaveLength(2);
  const times = data().filter((datum) => isAbout(datum, 'TargetResponseTime', ALL));
  expect(times.map(({ values }) => values.length)).toEqual([500, 500]);
});

async function loadBalancer(): Promise<string> {
  const front = await startLoadBalancer(targets, { measures: measured });
  open.push(front);
  return `http://127.0.0.1:${front.port}/`;
}

/** A healthy one, which gives each request the status of its turn, or cuts the connection. */
async function target(statusOf: (asked: number) => number | undefined): Promise<void> {
  let asked = 0;
  const origin = await startOrigin((_, response) => {
    const status = statusOf(asked);
    asked += 1;
    if (status) response.writeHead(status).end();
    else response.destroy();
  });
  open.push(origin);
  targets.add(1, 'one', origin.port).health = 'healthy';
}

const data = (): readonly Datum[] => reports.flat();

/** What was counted in all, whether in one report or in two. */
function told(): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { name, dimensions, counts } of data()) {
    const key = `${name} ${'TargetGroup' in dimensions ? 'of the group' : 'of all'}`;
    totals[key] = (totals[key] ?? 0) + (counts?.[0] ?? 0);
  }
  return totals;
}

function sum(name: string, dimensions: Datum['dimensions']): number {
  const counted = data().filter((datum) => isAbout(datum, name, dimensions));
  return counted.reduce((total, { values, counts = [1] }) => total + values[0]! * counts[0]!, 0);
}

function isAbout(datum: Datum, name: string, dimensions: Datum['dimensions']): boolean {
  return datum.name === name && Object.keys(datum.dimensions).length === Object.keys(dimensions).length;
}
