import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { baselineFrom, entriesOf, markTime } from '../drill/journal.ts';
import type { Phase } from '../drill/states.ts';
import type { ObservedTrigger } from '../drill/trigger.ts';
import { firedByProbes } from '../drill/witness/fired.ts';
import { firstBadServing } from '../drill/witness/serving.ts';
import { hearAgain } from './hear-again.ts';
import { knownBadIdentity } from './known-bad.ts';
import { observe } from './observe.ts';
import { reportTriggers } from './report-triggers.ts';
import type { Sight, WitnessPorts } from './witness.ts';
import { waitOf } from './witness-wait.ts';

const BEFORE_THE_DECISION: ReadonlySet<Phase> = new Set(['awaiting-trigger', 'deciding']);

/** From the deployment on until the target is back: a trigger that fires too late is told of, too. */
export async function watchForTriggers(ports: WitnessPorts, sight: Sight): Promise<void> {
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
export async function pageForTriggers(ports: WitnessPorts, { drill, paged }: Sight): Promise<void> {
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
