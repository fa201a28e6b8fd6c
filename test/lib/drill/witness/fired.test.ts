import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../../lib/drill/guardrails/surroundings.ts';
import {
  firedByAlarms,
  firedByProbes,
  firedByTarget,
  type PlannedTrigger,
} from '../../../../lib/drill/witness/fired.ts';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { at, ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';
import { automaticRollback, deployment, target } from '../fixtures/target.ts';

const RUNNING: PlannedTrigger = {
  name: 'red',
  observedBy: 'probe',
  condition: { kind: 'consecutive-failures', count: 3 },
  action: 'roll-back',
  budgetMs: 300_000,
};
const WINDOW: PlannedTrigger = {
  ...RUNNING,
  name: 'mostly-red',
  condition: { kind: 'failures-in-window', failures: 2, samples: 4 },
  action: 'page-only',
};
const DEPLOYMENT: PlannedTrigger = {
  ...RUNNING,
  name: 'rolled-back',
  observedBy: 'deployment-event',
  condition: { kind: 'deployment-failed' },
};
const ALL = [RUNNING, WINDOW, DEPLOYMENT];

function fired(samples: readonly Sample[], triggers: readonly PlannedTrigger[] = ALL) {
  return firedByProbes(triggers, { samples, deployedAt: ms(13), baseline: null }).map((trigger) => [
    trigger.name,
    trigger.at,
  ]);
}

describe('probes do not fire a trigger', () => {
  test.each<[string, readonly Sample[]]>([
    ['without probes', []],
    ['with one failure too few', [bad(20), bad(21)]],
    ['with failures that are not running', [bad(20), bad(21), sample(22), bad(23)]],
    ['with failures from before the deployment', [bad(10), bad(11), bad(12.999), sample(14)]],
  ])('%s', (_, samples) => expect(fired(samples, [RUNNING])).toEqual([]));

  test('over a window that is not full', () => {
    expect(fired([bad(20), bad(21), bad(22)], [WINDOW])).toEqual([]);
  });

  test('that watches the deployment', () => {
    expect(fired([bad(20), bad(21), bad(22), bad(23)], [DEPLOYMENT])).toEqual([]);
  });
});

describe('a trigger fires at the time of the probe that completed its condition', () => {
  test('however many failures follow', () => {
    const samples = [sample(19), bad(20), red(21), bad(22), bad(23)];
    expect(fired(samples)).toEqual([
      ['red', at(22)],
      ['mostly-red', at(22)],
    ]);
  });

  test('and cites its arithmetic, its probe and its budget', () => {
    expect(
      firedByProbes([RUNNING], {
        samples: [bad(20), bad(21), bad(22)],
        deployedAt: ms(13),
        baseline: null,
      }),
    ).toEqual([
      {
        name: 'red',
        observedBy: 'probe',
        at: at(22),
        source: 'probe',
        evidence: `3 of the last 3 probes failed ≥ 3; probe sent ${at(21.98)}, answered ${at(22)}: status 500, expected 200, release v5-bad`,
        budgetMs: 300_000,
      },
    ]);
  });

  test('and more probes never change it', () => {
    const verdicts = fc.array(fc.boolean(), { maxLength: 30 });
    fc.assert(
      fc.property(verdicts, verdicts, (before, after) => {
        const samples = [...before, ...after].map((ok, index) => (ok ? sample(20 + index) : bad(20 + index)));
        const early = fired(samples.slice(0, before.length));
        expect(fired(samples).filter(([name]) => early.some(([known]) => known === name))).toEqual(early);
      }),
    );
  });
});

describe('the control plane does not fire a trigger', () => {
  test.each([
    ['while the deployment is under way', target()],
    ['when it knows of no such deployment', target({ knownBadDeployment: null })],
    ['by a rollback of ours', target({ knownBadDeployment: ours() })],
  ])('%s', (_, state) => expect(firedByTarget(ALL, state)).toEqual([]));
});

describe('the control plane fires the triggers that watch the deployment, at its own time', () => {
  test('when the target rolls itself back', () => {
    expect(firedByTarget(ALL, target({ knownBadDeployment: automaticRollback(24) }))).toEqual([
      expect.objectContaining({
        name: 'rolled-back',
        at: at(24),
        source: 'api',
        evidence: 'deployment ecs-svc/5 is rolling-back: circuit breaker',
      }),
    ]);
  });

  test('when the target gives the deployment up without rolling it back', () => {
    const given = deployment({ status: 'stopped', statusReason: 'tasks failed to start', failedAt: at(40) });
    expect(firedByTarget(ALL, target({ knownBadDeployment: given }))).toEqual([
      expect.objectContaining({
        at: at(40),
        evidence: 'deployment ecs-svc/5 is stopped: tasks failed to start',
      }),
    ]);
  });
});

describe('failed tasks of the known-bad release', () => {
  const TASKS: PlannedTrigger = {
    ...RUNNING,
    name: 'tasks-die',
    observedBy: 'deployment-event',
    condition: { kind: 'tasks-failed', count: 2 },
  };
  const died = (seconds: number) => ({ at: at(seconds), reason: 'EssentialContainerExited: exit code 137' });

  test('fire nothing while they are too few', () => {
    expect(firedByTarget([TASKS], target({ knownBadTasksFailed: [died(30)] }))).toEqual([]);
  });

  test('fire at the time of the one that completed the number, in whatever order they are told', () => {
    const state = target({ knownBadTasksFailed: [died(40), died(30), died(35)] });
    expect(firedByTarget([TASKS], state)).toEqual([
      expect.objectContaining({
        name: 'tasks-die',
        at: at(35),
        source: 'api',
        evidence:
          '2 tasks of the known-bad release failed ≥ 2; the last of them: EssentialContainerExited: exit code 137',
      }),
    ]);
  });
});

describe('what failed of the pipeline', () => {
  const watching = (stage: string | null, action: string | null): PlannedTrigger => ({
    ...RUNNING,
    name: 'pipeline-red',
    observedBy: 'pipeline-event',
    condition: { kind: 'pipeline-failed', stage, action },
  });
  const failed = (stage: string | null, action: string | null, seconds: number) => ({
    stage,
    action,
    at: at(seconds),
    reason: `${stage}/${action} failed after ${seconds} s`,
  });
  const SMOKE = [failed('Smoke', 'test', 30), failed('Smoke', null, 31), failed(null, null, 32)];

  test.each<[string, string | null, string | null]>([
    ['another stage', 'Deploy', null],
    ['another action of the stage', 'Smoke', 'login'],
    ['an action of the same name elsewhere', 'Promote', 'test'],
  ])('fires nothing that watches %s', (_, stage, action) => {
    expect(firedByTarget([watching(stage, action)], target({ pipelineFailures: SMOKE }))).toEqual([]);
  });

  test('fires nothing while it only runs, nor what watches the deployment', () => {
    expect(firedByTarget([watching('Smoke', null), watching(null, null)], target())).toEqual([]);
    expect(firedByTarget([DEPLOYMENT], target({ pipelineFailures: SMOKE }))).toEqual([]);
  });

  test.each([
    ['the action', 'Smoke', 'test', 30],
    ['the stage', 'Smoke', null, 31],
    ['the execution as a whole', null, null, 32],
  ] as const)('fires what watches %s, at the pipeline’s own time', (_, stage, action, seconds) => {
    expect(firedByTarget([watching(stage, action)], target({ pipelineFailures: SMOKE }))).toEqual([
      {
        name: 'pipeline-red',
        observedBy: 'pipeline-event',
        at: at(seconds),
        source: 'api',
        evidence: `${stage}/${action} failed after ${seconds} s`,
        budgetMs: 300_000,
      },
    ]);
  });

  test('fires at the first failure, in whatever order they are told, however often it is tried again', () => {
    const state = target({ pipelineFailures: [failed('Smoke', null, 60), failed('Smoke', null, 31)] });
    expect(firedByTarget([watching('Smoke', null)], state)).toMatchObject([{ at: at(31) }]);
  });
});

describe('an alarm', () => {
  const ALARM: PlannedTrigger = {
    ...RUNNING,
    name: 'too-many-5xx',
    observedBy: 'alarm',
    condition: { kind: 'alarm', alarm: 'shop-5xx' },
  };
  const alarm = (more: Partial<Alarm> = {}): Alarm => ({
    name: 'shop-5xx',
    state: 'ALARM',
    since: at(30),
    reason: '2 datapoints',
    ...more,
  });
  const seen = (...alarms: readonly Alarm[]) =>
    firedByAlarms([RUNNING, ALARM], alarms, { deployedAt: ms(13), source: 'event' });

  test.each<[string, readonly Alarm[]]>([
    ['that is not there', []],
    ['of another name', [alarm({ name: 'shop-p99' })]],
    ['that is OK', [alarm({ state: 'OK' })]],
    ['without enough data', [alarm({ state: 'INSUFFICIENT_DATA' })]],
    ['that went to ALARM before the known-bad release was deployed', [alarm({ since: at(12) })]],
    ['whose time is not known', [alarm({ since: null })]],
  ])('%s fires nothing', (_, alarms) => expect(seen(...alarms)).toEqual([]));

  test('fires at the time that CloudWatch gives, with its reason', () => {
    expect(seen(alarm())).toEqual([
      {
        name: 'too-many-5xx',
        observedBy: 'alarm',
        at: at(30),
        source: 'event',
        evidence: 'alarm shop-5xx went to ALARM: 2 datapoints',
        budgetMs: 300_000,
      },
    ]);
  });
});

function ours() {
  const rollback = { startedAt: at(26), reason: 'stopped by a call', automatic: false };
  return deployment({ status: 'rolling-back', rollback });
}
