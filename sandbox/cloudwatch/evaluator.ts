import type { SetState } from './alarm-states.ts';
import { judgementOf } from './judge-alarm.ts';
import { keyOf, type Metric, type Metrics } from './metrics.ts';
import { reasonDataOf, reasonOf } from './reason.ts';
import type { Alarm, Alarms } from './store.ts';
import { watchOf } from './watch.ts';
import { type Windows, windowsOf } from './windows.ts';

/** Judges every alarm once in each of its periods, for as long as its state may change. */
export interface Evaluator {
  /** An alarm that was just configured is judged at once. */
  evaluate(name: string): void;
  /** The state of an alarm was set by somebody, or the alarm is gone. */
  reconsider(name: string): void;
  /** A metric has a new sample. */
  heard(metric: Metric): void;
  /** Judges those whose time has come; a timer does so as well. */
  tick(): void;
  /** When `tick` has something to do. */
  nextMs(): number | undefined;
  close(): void;
}

interface EvaluatorOptions {
  readonly alarms: Alarms;
  readonly metrics: Metrics;
  readonly setState: SetState;
  readonly now: () => number;
  /** How long a minute of an alarm lasts, for real. */
  readonly minuteMs: number;
}

/** Node takes longer waits for none at all. */
const LONGEST_MS = 2_147_483_647;

export function startEvaluator({ alarms, metrics, setState, now, minuteMs }: EvaluatorOptions): Evaluator {
  const due = new Map<string, number>();
  /** Alarms that only a new sample can change: nothing is due for them. */
  const resting = new Map<string, ReadonlySet<string>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const nextMs = (): number | undefined => (due.size === 0 ? undefined : Math.min(...due.values()));
  const arm = (): void => {
    clearTimeout(timer);
    const atMs = nextMs();
    if (closed || atMs === undefined) return;
    timer = setTimeout(evaluator.tick, Math.min(Math.max(0, atMs - now()), LONGEST_MS));
    timer.unref();
  };
  const plan = (name: string): void => {
    due.delete(name);
    resting.delete(name);
    const alarm = alarms.find(name);
    if (!alarm) return;
    const windows = windowsOf(alarm.definition, minuteMs);
    if (mayChange(alarm, metrics, windows, now())) due.set(name, windows.nextMs(now()));
    else resting.set(name, new Set(watchOf(alarm.definition).metrics.map(keyOf)));
  };
  const judgeNow = (name: string): void => {
    const alarm = alarms.find(name);
    if (!alarm) return;
    const { definition } = alarm;
    const judgement = judgementOf(definition, metrics, windowsOf(definition, minuteMs).gridAt(now()));
    const { value } = judgement;
    if (value === undefined || value === alarm.state.value) return;
    const { periodSeconds } = watchOf(definition);
    const reasonData = reasonDataOf(definition, periodSeconds, judgement, now());
    setState(alarm, { value, reason: reasonOf(definition, judgement), reasonData });
  };
  const evaluator: Evaluator = {
    evaluate(name) {
      judgeNow(name);
      evaluator.reconsider(name);
    },
    reconsider(name) {
      plan(name);
      arm();
    },
    heard(metric) {
      if (resting.size === 0) return;
      const key = keyOf(metric);
      for (const [name, watched] of resting) if (watched.has(key)) evaluator.reconsider(name);
    },
    tick() {
      const nowMs = now();
      const ready = [...due].filter(([, atMs]) => atMs <= nowMs).map(([name]) => name);
      for (const name of ready) {
        judgeNow(name);
        plan(name);
      }
      arm();
    },
    nextMs,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
  for (const { definition } of alarms.all()) plan(definition.AlarmName);
  arm();
  return evaluator;
}

/** Without a sample in sight, the same will be found in every period to come. */
function mayChange(alarm: Alarm, metrics: Metrics, windows: Windows, nowMs: number): boolean {
  const grid = windows.gridAt(nowMs);
  const isMeasured = watchOf(alarm.definition).metrics.some(
    (metric) => (metrics.latestMs(metric) ?? Number.NEGATIVE_INFINITY) >= grid.startMs,
  );
  const { value = alarm.state.value } = judgementOf(alarm.definition, metrics, grid);
  return isMeasured || value !== alarm.state.value;
}
