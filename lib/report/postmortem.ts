import { SPEED_TARGET_MS } from '../drill/outcome.ts';
import type { Receipt } from '../drill/seal.ts';
import { duration, percent, setting } from './duration.ts';
import type { Block, Page } from './page.ts';

/**
 * What a team talks about after a drill: what the receipt answers is answered, and everything else is a question. It names
 * parts of the system, and no person.
 */
export function postmortem(receipt: Receipt): Page {
  return [
    { kind: 'section', text: 'Postmortem (a draft, blameless)' },
    ...part('What happened', happened(receipt)),
    ...part('Whom it hurt', impact(receipt)),
    ...part('Was the rollback complete?', complete(receipt)),
    ...part('Was it done in the time that was expected?', inTime(receipt)),
    ...part('Were there side effects that nobody expected?', sideEffects(receipt)),
    ...part('What nobody has answered yet', questions(receipt)),
    ...tasks(receipt),
  ];
}

function part(text: string, items: readonly string[]): Page {
  return [
    { kind: 'part', text },
    { kind: 'list', items },
  ];
}

function happened({ releases, marks, triggers, path, outcome }: Receipt): readonly string[] {
  const bad = releases.knownBad?.release ?? 'the known-bad release';
  return [
    marks.badDeployStarted.at === null
      ? `${bad} was never deployed: ${marks.badDeployStarted.reason}.`
      : `${bad} was deployed on purpose at ${marks.badDeployStarted.at}.`,
    marks.badServing.at === null
      ? `Users were never seen to get it: ${marks.badServing.reason}.`
      : `Users got it from ${marks.badServing.at} on.`,
    triggers.won
      ? `Trigger ${triggers.won.name} told of it at ${triggers.won.at}.`
      : 'No trigger told of it.',
    path.used === null ? 'No path restored the target.' : `${path.used} restored the target.`,
    `The drill ended as ${outcome}.`,
  ];
}

function impact({ figures, unknown }: Receipt): readonly string[] {
  const { userImpactMs, failedProbeShare, illusionOfRecoveryMs } = figures;
  return [
    userImpactMs === null
      ? `For how long did it hurt users? Not known: ${unknown.userImpactMs}.`
      : failing(userImpactMs, failedProbeShare),
    ...(failedProbeShare === null
      ? [`How many requests failed? Not known: ${unknown.failedProbeShare}.`]
      : failedProbeShare === 0
        ? []
        : [`${percent(failedProbeShare)} of the probes failed meanwhile.`]),
    illusionOfRecoveryMs === null
      ? `Did users still get it after all looked well? Not known: ${unknown.illusionOfRecoveryMs}.`
      : lingering(illusionOfRecoveryMs),
  ];
}

/** One failing probe has no length. */
function failing(ms: number, share: number | null): string {
  if (share === 0) return 'No probe failed. Would anybody have noticed in earnest?';
  return ms === 0
    ? 'One probe failed.'
    : `Probes failed for ${duration(ms)}, from the first to the last one that did.`;
}

function lingering(ms: number): string {
  return ms === 0
    ? 'No probe met it any more once the control plane was done.'
    : `Users still got it for ${duration(ms)} after the control plane was done.`;
}

function complete({ figures, unknown, validations }: Receipt): readonly string[] {
  const { completeness } = figures;
  const open = validations.filter(({ verdict }) => verdict !== 'passed');
  return [
    completeness === null
      ? `Not known: ${unknown.completeness}. What would prove it?`
      : `${percent(completeness)} of the required validations passed.`,
    ...open.map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason}.`),
  ];
}

function inTime({ figures, unknown, plan, triggers, dominantStep }: Receipt): readonly string[] {
  const { rehearsalTimerMs, rollbackSpeedMs } = figures;
  const [budget, target] = [triggers.won?.budgetMs, SPEED_TARGET_MS[plan.tier]];
  return [
    rehearsalTimerMs === null
      ? `How long did it take from trigger to restored? Not known: ${unknown.rehearsalTimerMs}.`
      : `${duration(rehearsalTimerMs)} from trigger to restored${budget === undefined ? '' : `; budget ${setting(budget)}: ${verdict(rehearsalTimerMs, budget)}`}.`,
    rollbackSpeedMs === null
      ? `How long did it take from decision to restored? Not known: ${unknown.rollbackSpeedMs}.`
      : `${duration(rollbackSpeedMs)} from decision to restored; target ${setting(target)}: ${verdict(rollbackSpeedMs, target)}.`,
    dominantStep
      ? `${dominantStep.name} took the largest part, ${percent(dominantStep.share)}. Could it be shorter?`
      : 'Which step took the largest part? Not known.',
  ];
}

function verdict(ms: number, allowedMs: number): string {
  return ms <= allowedMs ? 'met' : `missed by ${duration(ms - allowedMs)}`;
}

function sideEffects({ sideEffects: all }: Receipt): readonly string[] {
  if (all.length === 0) return ['The plan’s census names none. Is it complete?'];
  return all.map(({ endpoint, effect, happened, reason }) =>
    happened === null || happened === undefined
      ? `${endpoint}: how often did ‘${effect}’ happen? Not known: ${reason ?? 'nothing was counted'}.`
      : `${endpoint}: ‘${effect}’ happened ${happened === 1 ? 'once' : `${happened} times`} (${reason}).`,
  );
}

function questions({ detection = [], path, gaps }: Receipt): readonly string[] {
  const silent = detection.filter(({ fired, expected }) => fired === false && expected === true);
  const failed = path.tried.filter(({ result }) => result === 'failed');
  return [
    'How could a release like this get so far in earnest, and what would have stopped it before?',
    ...silent.map(({ name }) => `Why was trigger ${name} silent, which was expected to fire?`),
    ...failed.map(({ name }) => `Why did ${name} fail, and how would anybody have known before?`),
    ...(gaps.length === 0 ? ['The drill surfaced no gap. Was the release bad enough to find one?'] : []),
    'What went well, and should stay as it is?',
    'Who learns of this, and when is the next drill?',
  ];
}

/** One for each gap that matters; who does it until when, people write. */
function tasks({ gaps, sideEffects: all }: Receipt): Page {
  const matter = gaps.filter(({ severity }) => severity !== 'notice');
  const owed = all.flatMap(({ endpoint, owed: due }) => (due ? [`${endpoint}: ${due}`] : []));
  const items = [...matter.map(({ message }) => message), ...owed];
  if (items.length === 0) return [];
  const block: Block = { kind: 'tasks', items: items.map((item) => `${item} (who, until when?)`) };
  return [{ kind: 'part', text: 'To do' }, block];
}
