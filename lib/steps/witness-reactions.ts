import { iso } from '../drill/clock.ts';
import {
  baselineFrom,
  type Entry,
  entriesOf,
  lastHealthyOf,
  lastOf,
  markTime,
  rollbacksOf,
} from '../drill/journal.ts';
import { greensNeeded } from '../drill/limits.ts';
import { decisionWait } from '../drill/people/decision.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Phase } from '../drill/states.ts';
import type { ObservedTrigger } from '../drill/trigger.ts';
import { firedByProbes } from '../drill/witness/fired.ts';
import { currentIllusion, illusionOf } from '../drill/witness/illusion.ts';
import { restoration } from '../drill/witness/restoration.ts';
import { firstBadServing } from '../drill/witness/serving.ts';
import { stability } from '../drill/witness/stability.ts';
import { steadyState } from '../drill/witness/steady-state.ts';
import type { Signal } from '../ports/waits.ts';
import { hearAgain } from './hear-again.ts';
import { knownBadIdentity } from './known-bad.ts';
import { restoredWait } from './report-target.ts';
import { reportTriggers } from './report-triggers.ts';
import { settleApprovals } from './settle-approvals.ts';
import { stabiliseWait } from './stabilise.ts';
import type { Sight, WitnessPorts } from './witness.ts';

type Reaction = (ports: WitnessPorts, sight: Sight, flush: () => Promise<void>) => Promise<void>;

/** What the witness does about what it sees, by phase. Every reaction may be repeated. */
export const react: Reaction = (ports, sight, flush) => REACTIONS[sight.drill.phase](ports, sight, flush);

/** Tells the state that waits for the witness that it is alive. */
export async function heartbeat({ waits }: WitnessPorts, drill: Sight['drill']): Promise<void> {
  const wait = waitOf(drill);
  if (wait) await waits.heartbeat(drill.opened.drillId, wait);
}

const REACTIONS: Readonly<Record<Phase, Reaction>> = {
  'steady-state': judgeSteadyState,
  'awaiting-approval': (ports, { drill }) => settleApprovals(ports, drill),
  'awaiting-trigger': watchForTriggers,
  deciding: watchForTriggers,
  'rolling-back': watchForTriggers,
  restoring: async (ports, sight) => {
    await watchForTriggers(ports, sight);
    await watchForRestoration(ports, sight);
  },
  stabilising: watchQuietPeriod,
  over: async () => {},
};

async function judgeSteadyState({ clock, waits }: WitnessPorts, { drill, samples }: Sight): Promise<void> {
  if (lastOf(drill.journal, 'steady-state') || lastOf(drill.journal, 'refused')) return;
  if (drill.abort)
    return void (await waits.signal(
      drill,
      'CheckGuardrails',
      { kind: 'refused', reason: drill.abort.reason },
      [],
    ));
  const startedAt = samples[0]?.sentAt ?? clock.now();
  const verdict = steadyState(samples, drill.plan.steadyState, startedAt, clock.now());
  const knownBad = knownBadIdentity(drill);
  if (verdict.kind === 'measuring') return;
  const refusal =
    verdict.kind === 'bad'
      ? verdict.reason
      : verdict.release === knownBad
        ? `release ${knownBad} already answers: it is the known-bad release`
        : null;
  if (refusal !== null) {
    const reason = `steady-state: ${refusal}`;
    await waits.signal(drill, 'CheckGuardrails', { kind: 'refused', reason }, [
      { kind: 'refused', key: 'refused/steady-state', by: 'guardrail', reason },
    ]);
  } else if (verdict.kind === 'good') {
    const steady: Entry = {
      kind: 'steady-state',
      key: 'steady-state',
      release: verdict.release,
      baseline: verdict.baseline,
      reason: verdict.reason,
    };
    await waits.signal(drill, 'CheckGuardrails', { kind: 'steady', reason: verdict.reason }, [steady]);
  }
}

const BEFORE_THE_DECISION: ReadonlySet<Phase> = new Set(['awaiting-trigger', 'deciding']);

async function watchForTriggers(ports: WitnessPorts, sight: Sight): Promise<void> {
  const { drill, samples } = sight;
  const deployedAt = markTime(drill.journal, 'badDeployStarted');
  if (deployedAt === null) return;
  const wait = BEFORE_THE_DECISION.has(drill.phase) ? waitOf(drill) : undefined;
  await hearAgain(ports, drill);
  if (drill.abort && wait)
    await ports.waits.signal(drill, wait, { kind: 'aborted', reason: drill.abort.reason }, []);
  const fired = firedByProbes(drill.plan.triggers, {
    samples,
    deployedAt,
    baseline: baselineFrom(drill.journal),
  });
  await reportTriggers(ports, drill, fired);
  await pageForTriggers(ports, sight);
  const serving = firstBadServing(samples, knownBadIdentity(drill), deployedAt);
  if (!serving || markTime(drill.journal, 'badServing') !== null) return;
  const at = iso(serving.at);
  await observe(ports, drill, [
    {
      kind: 'mark',
      key: 'mark/badServing',
      mark: 'badServing',
      at,
      source: 'probe',
      evidence: serving.evidence,
    },
  ]);
}

/** A page-only trigger pages a person: rolling back alone is not its answer. A page that fails must not stop the watch. */
async function pageForTriggers(ports: WitnessPorts, { drill, paged }: Sight): Promise<void> {
  const { plan, journal, opened } = drill;
  for (const { name, evidence } of unpaged(drill)) {
    if (paged.has(name)) continue;
    paged.add(name);
    const told = await ports.announcer
      .announce(plan, `PAGE: trigger ${name} of drill ${opened.drillId}`, evidence)
      .then(
        () => pagedFor(name, ports.clock.now()),
        (error: Error) => notPaged(name, error),
      );
    if (!journal.some(({ key }) => key === told.key)) await observe(ports, drill, [told]);
  }
}

/** Whoever reports a trigger as a person hears at once whether the page went out. */
function unpaged({ plan, journal }: Sight['drill']): readonly ObservedTrigger[] {
  const done = new Set(entriesOf(journal, 'trigger-paged').map(({ name }) => name));
  const pages = new Set(plan.triggers.flatMap(({ name, action }) => (action === 'page-only' ? [name] : [])));
  return entriesOf(journal, 'trigger')
    .map(({ trigger }) => trigger)
    .filter(({ name, observedBy }) => pages.has(name) && !done.has(name) && observedBy !== 'person');
}

function pagedFor(name: string, now: number): Entry {
  return { kind: 'trigger-paged', key: `trigger-paged/${name}`, name, at: iso(now) };
}

function notPaged(trigger: string, { message }: Error): Entry {
  const [code, severity] = ['page-not-delivered', 'serious'] as const;
  return {
    kind: 'gap',
    key: `gap/${code}/${trigger}`,
    code,
    severity,
    message: `trigger ${trigger} asked for a page that failed`,
    evidence: message,
  };
}

async function watchForRestoration(ports: WitnessPorts, sight: Sight): Promise<void> {
  const { drill, samples, state } = sight;
  await tellIllusion(ports, sight);
  const lastHealthy = lastHealthyOf(drill.journal)?.release;
  const captured = lastOf(drill.journal, 'captured');
  const wait = restoredWait(drill);
  const key = `restored/${wait}`;
  if (!lastHealthy || !captured || drill.journal.some((entry) => entry.key === key)) return;
  const verdict = restoration({
    samples,
    state,
    lastHealthy,
    greens: greensNeeded(drill.plan, captured.tasks),
    since: rollbackBegan(drill.journal),
    deployedAt: markTime(drill.journal, 'badDeployStarted'),
  });
  if (verdict.kind === 'not-yet') return;
  const signal = { kind: 'restored', reason: `restored at ${verdict.restored.at}` };
  await ports.waits.signal(drill, wait, signal, [{ kind: 'restored', key, ...verdict.restored }]);
}

/** Once for each rollback: who still met the known-bad release, while a path may yet be judged by it. */
async function tellIllusion(ports: WitnessPorts, { drill, samples, state }: Sight): Promise<void> {
  if (currentIllusion(drill.journal)) return;
  const illusion = illusionOf(samples, state, knownBadIdentity(drill));
  const round = rollbacksOf(drill.journal);
  if (illusion)
    await observe(ports, drill, [{ kind: 'illusion', key: `illusion/${round}`, round, ...illusion }]);
}

/** Greens from before the last thing that was done to the target, or seen of it, prove nothing. */
function rollbackBegan(journal: readonly Entry[]): number {
  const path = entriesOf(journal, 'path').findLast(({ result }) => result === 'accepted');
  const times = [
    markTime(journal, 'rollbackDecided'),
    markTime(journal, 'rollbackStarted'),
    path && rollbacksOf(journal) > 1 ? Date.parse(path.at) : null,
    ...[lastOf(journal, 'restored-voided'), lastOf(journal, 'call')].map((entry) =>
      entry ? Date.parse(entry.at) : null,
    ),
  ];
  return Math.max(0, ...times.filter((time) => time !== null));
}

async function watchQuietPeriod(
  ports: WitnessPorts,
  sight: Sight,
  flush: () => Promise<void>,
): Promise<void> {
  const { drill, samples } = sight;
  await pageForTriggers(ports, sight);
  const restored = standingRestored(drill.journal);
  const began = entriesOf(drill.journal, 'step').findLast((step) => step.name === 'Stabilise')?.enteredAt;
  if (!restored || !began) return;
  const seen = stability({
    samples,
    knownBad: knownBadIdentity(drill),
    restoredAt: Date.parse(restored.at),
    since: Date.parse(began),
    quietMs: drill.plan.stabiliseMs,
    now: ports.clock.now(),
  });
  // An abort ends the quiet period, but not while the known-bad release is back.
  const verdict =
    drill.abort && seen.kind !== 'bad-again'
      ? ({ kind: 'aborted', reason: drill.abort.reason, at: '' } as const)
      : seen;
  if (verdict.kind === 'watching') return;
  await flush();
  await ports.waits.signal(
    drill,
    stabiliseWait(drill),
    { kind: verdict.kind, reason: verdict.reason },
    stabilityEntries(verdict, stabiliseWait(drill)),
  );
}

export function stabilityEntries(
  { kind, reason, at }: Signal & { at: string },
  wait: string,
): readonly Entry[] {
  if (kind === 'all-clear') return [{ kind, key: `all-clear/${wait}`, at, reason }];
  if (kind === 'unstable') return [{ kind, key: `unstable/${wait}`, at, reason }];
  if (kind === 'bad-again') return [{ kind: 'restored-voided', key: `restored-voided/${wait}`, at, reason }];
  return [];
}

/** The wait that the witness keeps alive in this phase. */
export function waitOf(drill: Sight['drill']): string | undefined {
  switch (drill.phase) {
    case 'awaiting-trigger':
      return 'AwaitTrigger';
    case 'deciding':
      return decisionWait(drill.journal);
    case 'restoring':
      return restoredWait(drill);
    case 'stabilising':
      return stabiliseWait(drill);
    default:
      return undefined;
  }
}

function observe({ journal }: WitnessPorts, drill: Sight['drill'], entries: readonly Entry[]): Promise<void> {
  return journal.append({ opened: drill.opened, fence: null }, entries);
}
