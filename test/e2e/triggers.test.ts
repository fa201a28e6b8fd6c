import { describe, type ExpectStatic, it } from 'vitest';
import { parseCondition } from '../../lib/drill/plan/condition.ts';
import { type Plan, parsePlan } from '../../lib/drill/plan/plan.ts';
import { firstMatch } from '../../lib/drill/witness/probe-conditions.ts';
import type { Sample } from '../../lib/drill/witness/sample.ts';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import type { TruthLine } from './fixtures/drill.ts';
import { type WatchedDrill, type WatchedShop, watchedShop } from './fixtures/watched-shop.ts';

/* Every bad release meets every kind of trigger. All of them only page, so that none ends the wait for the others. */

/** A minute of CloudWatch; probes have the same scale. */
const MINUTE_MS = 1_000;
const INTERVAL_MS = 200;

const PROBE_TRIGGERS = {
  running: 'smoke failed 2 times running',
  'mostly-red': '8 of the last 20 failed',
  'error-rate': 'errorRate > 10% for 4s',
  'error-ratio': 'errorRate > 5x baseline for 4s',
  slow: 'p90 > 400ms for 6s',
  'slower-than-usual': 'p90 > 2x baseline and > 400ms for 6s',
} as const;
const ALARM_TRIGGERS = {
  'alarm-5xx': 'matrix-5xx-share',
  'alarm-p99': 'matrix-p99',
  'alarm-logins': 'shop-logins-failing',
  'alarm-orders': 'shop-orders-failing',
} as const;
const TARGET_TRIGGERS = {
  'deployment-failed': 'deployment failed',
  'tasks-failed': '2 tasks failed',
} as const;

type Trigger = keyof typeof PROBE_TRIGGERS | keyof typeof ALARM_TRIGGERS | keyof typeof TARGET_TRIGGERS;

interface Case {
  readonly release: string;
  readonly caughtBy: readonly Trigger[];
  /** Triggers that may see it or not: whether they do depends on how quickly ECS replaces tasks. */
  readonly perhapsBy?: readonly Trigger[];
  /** How long the others must stay silent. */
  readonly watchForMs?: number;
}

const RED: readonly Trigger[] = ['running', 'error-rate', 'error-ratio', 'mostly-red'];
/** Tasks die and are replaced, all the time: users meet short outages. */
const FLAPPING: readonly Trigger[] = ['running', 'error-rate', 'tasks-failed'];
const PERHAPS: readonly Trigger[] = [
  'error-ratio',
  'mostly-red',
  'alarm-5xx',
  'alarm-logins',
  'alarm-orders',
  'deployment-failed',
];
const QUIET_MS = 8_000;

/** Side by side, each lane on a shop of its own. */
const ALL: readonly (readonly Case[])[] = [
  [
    { release: 'checkout-5xx', caughtBy: [...RED, 'alarm-5xx', 'alarm-orders'] },
    {
      release: 'drops-connections',
      caughtBy: [...RED, 'alarm-5xx'],
      perhapsBy: ['alarm-logins', 'alarm-orders'],
    },
    { release: 'quiet-bug', caughtBy: [] },
    { release: 'login-broken', caughtBy: ['alarm-logins'] },
  ],
  [
    // Five minutes running must each have a slow answer, and a minute is a second here.
    { release: 'slow-p99', caughtBy: ['slow', 'slower-than-usual'], perhapsBy: ['alarm-p99'] },
    { release: 'boot-crash', caughtBy: ['deployment-failed', 'tasks-failed'] },
    { release: 'healthy-next', caughtBy: [], watchForMs: 20 * MINUTE_MS },
  ],
  [
    { release: 'config-missing-secret', caughtBy: ['deployment-failed', 'tasks-failed'] },
    { release: 'refuses-connections', caughtBy: FLAPPING, perhapsBy: PERHAPS },
    { release: 'memory-creep', caughtBy: FLAPPING, perhapsBy: PERHAPS },
  ],
];

describe
  .runIf(ALL_DRILLS)
  .concurrent('each bad release and each kind of trigger', { timeout: 150_000 }, () => {
    it.for(ALL.map((cases) => [cases.map(({ release }) => release).join(', '), cases] as const))(
      '%s',
      async ([, cases], { expect }) => {
        const shop = await watchedShop(MINUTE_MS);
        try {
          for (const one of cases) judge(expect, one, await watched(shop, one));
        } finally {
          await shop.close();
        }
      },
    );
  });

function watched(
  shop: WatchedShop,
  { release, caughtBy, watchForMs = QUIET_MS }: Case,
): Promise<WatchedDrill> {
  return shop.drill(
    planFor(shop, release),
    ({ fired, forMs }) => forMs >= watchForMs && caughtBy.every((name) => fired.has(name)),
  );
}

function judge(expect: ExpectStatic, { release, caughtBy, perhapsBy = [] }: Case, drill: WatchedDrill): void {
  const fired = drill.receipt.detection?.filter((row) => row.fired === true) ?? [];
  const names = fired.map(({ name }) => name as Trigger).filter((name) => !perhapsBy.includes(name));
  expect.soft({ release, names: names.toSorted() }).toEqual({ release, names: caughtBy.toSorted() });
  for (const { name, at } of fired) {
    if (caughtBy.includes(name as Trigger))
      followsItsCause(expect, name as Trigger, Date.parse(at ?? ''), drill);
    const marked = Date.parse(at ?? '');
    const { earliest, latest } = truly(name as Trigger, release, drill);
    expect.soft(marked, `${name} of ${release}`).toBeGreaterThanOrEqual(earliest);
    expect.soft(marked, `${name} of ${release}`).toBeLessThanOrEqual(latest);
  }
}

/** Of the alarms on what fails all the time: the periods that they look at, one more as windows do not begin with the failures, and half a minute. */
function followsItsCause(expect: ExpectStatic, name: Trigger, firedAt: number, drill: WatchedDrill): void {
  const isCause = CAUSES[name];
  if (!isCause) return;
  const cause = drill.truth.find((line) => line.event === 'response' && isCause(line))?.at ?? Number.NaN;
  const minutes = (firedAt - cause) / MINUTE_MS;
  expect.soft(minutes, name).toBeGreaterThan(ALARM_PERIODS - 1);
  expect.soft(minutes, name).toBeLessThan(ALARM_PERIODS + 2.5 + lateness(drill) / MINUTE_MS);
}

const ALARM_PERIODS = 2;
const CAUSES: Readonly<Partial<Record<Trigger, (line: TruthLine) => boolean>>> = {
  'alarm-5xx': ({ status = 0 }) => status >= 500,
  'alarm-logins': ({ path, status = 0 }) => path === '/login' && status >= 400,
};

/** When the trigger truly happened, as whoever did it has written down: within one evaluation period. */
function truly(name: Trigger, release: string, drill: WatchedDrill): { earliest: number; latest: number } {
  const late = lateness(drill);
  const around = (at: number, periodMs: number) => ({
    earliest: at - late - periodMs,
    latest: at + late + periodMs,
  });
  if (name in PROBE_TRIGGERS) {
    const condition = parseCondition(PROBE_TRIGGERS[name as keyof typeof PROBE_TRIGGERS]);
    const { badDeployStarted } = drill.receipt.marks;
    const facts = {
      samples: answersToWitness(drill),
      deployedAt: Date.parse(badDeployStarted.at ?? ''),
      baseline: drill.receipt.baseline,
    };
    return around(firstMatch(condition, facts)?.sample.at ?? Number.NaN, INTERVAL_MS);
  }
  if (name in ALARM_TRIGGERS) {
    const alarm = ALARM_TRIGGERS[name as keyof typeof ALARM_TRIGGERS];
    const turned = drill.truth.find(
      (line) => line.event === 'alarm-state' && line.name === alarm && line.to === 'ALARM',
    );
    return around(turned?.at ?? Number.NaN, MINUTE_MS);
  }
  if (name === 'tasks-failed') {
    const stopped = drill.truth.filter((line) => line.event === 'task-stopped' && line.release === release);
    return around(stopped[1]?.at ?? Number.NaN, 0);
  }
  const rolledBack = drill.truth.find((line) => line.event === 'rollback-started' && line.by === 'automatic');
  return around(rolledBack?.at ?? Number.NaN, 0);
}

/** How much later than the edge this busy process has seen the same answers, and a little for what is read in between. */
function lateness(drill: WatchedDrill): number {
  const told = answersToWitness(drill);
  const seen = drill.samples.filter(({ status }) => status !== null);
  const apart = seen.map(({ at }) => Math.min(...told.map((answer) => Math.abs(at - answer.at))));
  return 50 + Math.max(0, ...apart);
}

/** The probes as the edge has logged them. */
function answersToWitness({ truth }: WatchedDrill): readonly Sample[] {
  return truth.flatMap(({ event, client, at, status, release = null, durationMs = 0 }) => {
    if (client !== 'rollback-drill-witness/1' || !event.startsWith('response')) return [];
    const ok = status === 200;
    return [
      { sentAt: at - durationMs, at, ok, status: status ?? null, release, failure: ok ? null : `${status}` },
    ];
  });
}

function planFor({ url }: WatchedShop, release: string): Plan {
  const trigger = (observedBy: string, conditions: Readonly<Record<string, string>>) =>
    Object.entries(conditions).map(([name, condition]) => ({
      name,
      observedBy,
      condition,
      action: 'page-only',
      budget: '5m',
    }));
  const parsed = parsePlan(
    JSON.stringify({
      apiVersion: 'rollback-drill/v1',
      name: 'matrix',
      owner: 'release-engineering',
      tier: 'standard',
      environment: 'sandbox',
      target: { ecs: { cluster: 'demo', service: 'shop' } },
      knownBad: { default: release, releases: { [release]: { image: `shop:${release}` } } },
      smoke: { url: `${url}/checkout/check`, release: { header: 'x-release' }, interval: `${INTERVAL_MS}ms` },
      steadyState: { for: '2400ms', minimumSamples: 10 },
      recommendedAlarms: {
        loadBalancer: 'app/shop/0123456789abcdef',
        targetGroup: 'targetgroup/shop/0123456789abcdef',
        baseline: { p99: '400ms' },
      },
      triggers: [
        ...trigger('probe', PROBE_TRIGGERS),
        ...trigger('alarm', ALARM_TRIGGERS),
        ...trigger('deployment-event', TARGET_TRIGGERS),
        {
          name: 'never',
          observedBy: 'person',
          condition: 'reported by a person',
          action: 'roll-back',
          budget: '5m',
        },
      ],
      detectWithin: '2m',
      rollback: { paths: ['ecs-stop-deployment', 'ecs-previous-task-definition'] },
      restored: { greens: 6, within: '60s' },
      stabilise: '1s',
      guardrails: { trustedRegistries: ['docker.io'] },
    }),
  );
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('; '));
}
