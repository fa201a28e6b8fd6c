import type { Entry } from '../drill/entry.ts';
import { lastOf } from '../drill/journal.ts';
import { decisionWait, openUntil } from '../drill/people/decision.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import type { WaitInput } from './input.ts';
import { observe } from './observe.ts';
import { reportTarget } from './report-target.ts';
import { enter } from './step.ts';
import { targetContext } from './target-context.ts';

type DecisionPorts = Pick<Ports, 'announcer' | 'journal' | 'waits'> & {
  readonly target: TargetFor<'observe'>;
};

/** Asks a person whether to roll back, and waits for the answer. The target is read once: it may have gone back by itself. */
export async function awaitDecision(ports: DecisionPorts, input: WaitInput): Promise<void> {
  const drill = await enter(ports, 'AwaitDecision', input);
  const wait = decisionWait(drill.journal);
  await ports.waits.open(input.drillId, wait, input.token);
  if (drill.abort) await ports.waits.signal(drill, wait, { kind: 'aborted', reason: drill.abort.reason }, []);
  const observed = ports.target(drill.plan).observe(targetContext(drill));
  await Promise.all([observed.then((state) => reportTarget(ports, drill, state)), ask(ports, drill, wait)]);
}

/** A question that reaches nobody must not break the drill: silence rolls back. */
async function ask({ announcer, journal }: DecisionPorts, drill: Drill, wait: string): Promise<void> {
  const { opened, plan } = drill;
  await announcer
    .announce(plan, `Roll back? Drill of ${opened.target}`, question(drill))
    .catch((error: Error) => observe({ journal }, drill, [notAsked(wait, error)]));
}

function question({ opened: { drillId, target }, plan, journal }: Drill): string {
  const until = openUntil(journal);
  return [
    `Drill ${drillId} on ${target}: ${lastOf(journal, 'decision-asked')?.reason}.`,
    `Without a word it rolls back at ${until}.`,
    `  now:  drill decide ${drillId} --roll-back`,
    ...(plan.rollback.hold ? [`  wait: drill decide ${drillId} --hold`] : []),
  ].join('\n');
}

function notAsked(wait: string, { message }: Error): Entry {
  const [code, severity] = ['question-not-delivered', 'warning'] as const;
  return {
    kind: 'gap',
    key: `gap/${code}/${wait}`,
    code,
    severity,
    message: 'the person who decides could not be asked',
    evidence: message,
  };
}
