import type { Entry } from '../../lib/drill/entry.ts';
import { entriesOf, lastOf } from '../../lib/drill/journal.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { verify } from '../../lib/drill/verify.ts';
import { type Aftermath, DRILL_ID } from './drill.ts';
import type { Effect } from './traffic.ts';

/** What the sweep counts in its last line. */
export type Count = 'left bad unpaged' | 'receipts missing' | 'paths doubled' | 'locks leaked' | 'other';

export interface Broken {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'caught' | 'end';
  readonly count: Count;
  readonly what: string;
}

/** The aftermath in the words of the product. */
export interface Found extends Aftermath {
  readonly journal: readonly Entry[];
  readonly sealed: Receipt | DrillRecord | undefined;
}

export function found(aftermath: Aftermath): Found {
  const sealed = itemOf(aftermath.items, `DRILL#${DRILL_ID}`, 'SEAL')?.sealed as string | undefined;
  return {
    ...aftermath,
    journal: journalIn(aftermath.items),
    sealed: sealed === undefined ? undefined : JSON.parse(sealed),
  };
}

type Invariant = (found: Found) => readonly Broken[];

/** Every promise of the product that the aftermath breaks. */
export function brokenIn(found: Found): readonly Broken[] {
  return INVARIANTS.flatMap((invariant) => invariant(found));
}

/** I1: no drill ends with the target on the known-bad release unless the outcome says so and a person was paged. */
const restored: Invariant = ({ serving, steersTo, healthy, sealed, pages }) => {
  const isHealthy =
    serving.length > 0 && serving.every((release) => release === 'healthy') && steersTo === healthy;
  const isSaid = sealed?.outcome === 'not-restored';
  const isPaged = pages.some(({ subject }) => subject.startsWith('NOT RESTORED'));
  if (isHealthy) return [];
  if (isSaid && isPaged) return [];
  const what = `users get ${serving.join(', ') || 'nothing'}, the service steers to ${steersTo}; outcome ${sealed?.outcome}, ${isPaged ? 'paged' : 'nobody was paged'}`;
  return [broken('I1', 'left bad unpaged', what)];
};

/** I1, the other way round: nothing is called not restored, or overtaken, that was restored, could be read, and that nobody else touched. */
const noFalseAlarm: Invariant = ({ serving, steersTo, healthy, sealed, isReadable }) => {
  const isHealthy = serving.every((release) => release === 'healthy') && steersTo === healthy;
  const isAlarm = sealed?.outcome === 'not-restored' || sealed?.outcome === 'compromised';
  return isAlarm && isHealthy && isReadable
    ? [broken('I1', 'other', `a false ${sealed.outcome}: ${sealed.reasons.join('; ')}`)]
    : [];
};

/** I2: a drill acts only while it holds the resource, and leaves it free. */
const locked: Invariant = ({ nextDrill, effects }) => [
  ...(nextDrill === 'locked' ? [] : [broken('I2', 'locks leaked', `the next drill is told: ${nextDrill}`)]),
  ...effects
    .filter(
      ({ stored }) => !stored.some(({ pk, heldBy }) => String(pk).startsWith('LOCK#') && heldBy === DRILL_ID),
    )
    .map((effect) => broken('I2', 'other', `${told(effect)} without the lock`)),
];

/** I3: every numbered drill has one receipt, every other one a small record, and no journal stays open. */
const sealedOnce: Invariant = ({ items, journal, sealed, archive, endedWell, wasOut }) => {
  const isOpen = itemOf(items, 'OPEN', DRILL_ID) !== undefined;
  const number = itemOf(items, `DRILL#${DRILL_ID}`, 'NUMBER')?.number as number | undefined;
  const receipts = items.filter(
    ({ pk, sk }) => String(pk).startsWith('TARGET#') && String(sk).startsWith('RECEIPT#'),
  );
  const name = `receipts/${sealed && 'target' in sealed ? sealed.target : ''}/${String(number).padStart(3, '0')}.json`;
  const isReceipt = sealed !== undefined && sealed.number !== null;
  const archived = [...archive.entries()].find(([key]) => key.endsWith(name))?.[1];
  // A drill without a number has touched nothing: after an outage its open journal says enough.
  if (number === undefined && !sealed && isOpen && wasOut) return [];
  return [
    ...(journal.length > 0 && !sealed
      ? [broken('I3', 'receipts missing', 'the journal was never sealed')]
      : []),
    ...(isOpen ? [broken('I3', 'receipts missing', 'the journal is listed as open')] : []),
    ...(number !== undefined && sealed && !isReceipt
      ? [broken('I3', 'receipts missing', `number ${number} has no receipt`)]
      : []),
    ...(isReceipt && receipts.length !== 1
      ? [broken('I3', 'receipts missing', `${receipts.length} receipts in the chain`)]
      : []),
    ...(isReceipt && archived === undefined
      ? [broken('I3', 'receipts missing', `${name} is not archived`)]
      : []),
    ...(isReceipt && archived !== undefined && archived !== `${JSON.stringify(sealed, null, 2)}\n`
      ? [broken('I3', 'other', `${name} is another receipt than the sealed one`)]
      : []),
    ...(isReceipt
      ? verify([sealed]).map(({ part }) => broken('I3', 'other', `the receipt does not verify: ${part}`))
      : []),
    ...(endedWell === 'unsealed' ? [broken('I3', 'receipts missing', 'a good end without a receipt')] : []),
  ];
};

/** I3, while the stores are away: whoever restores without them tells a person that nothing can be recorded. */
const toldOfRecords: Invariant = ({ journal, pages }) => {
  const isWithout = journal.some(({ key }) => key === 'taken-over/without-the-stores');
  const isTold = pages.some(({ subject }) => subject.startsWith('RECORDS UNREACHABLE'));
  const couldNot = entriesOf(journal, 'gap').some(({ code }) => code === 'page-not-delivered');
  if (!isWithout || isTold || couldNot) return [];
  return [broken('I3', 'other', 'restored without the stores, and nobody was told')];
};

/** I4: the known-bad release is deployed once, a path takes effect once, and a further one only after one has failed. */
const onePath: Invariant = ({ effects, journal }) => {
  const returns = returnsIn(effects);
  // One call of which an earlier attempt lands late is one deployment of ours: it is undone.
  const deploys = new Set(effects.filter(isDeploy).map(({ call }) => call));
  const failed = entriesOf(journal, 'path').filter(({ result }) => result === 'failed').length;
  const doubled = returns.filter((did, index) => returns.indexOf(did) !== index);
  return [
    ...(deploys.size > 1 ? [broken('I4', 'paths doubled', 'the known-bad release was deployed twice')] : []),
    ...doubled.map((did) => broken('I4', 'paths doubled', `twice: ${did}`)),
    ...(returns.length > 1 + failed
      ? [broken('I4', 'paths doubled', `${returns.join(', then ')}, though ${failed} failed`)]
      : []),
  ];
};

/** Whatever becomes of events: the triggers that should catch the known-bad release do, and it is rolled back once. */
const caughtOnce: Invariant = ({ onlyEvents, sealed, effects }) => {
  if (!onlyEvents || !sealed || sealed.number === null) return [];
  const { triggers, detection = [], path } = sealed as Receipt;
  const expected = detection.filter((trigger) => trigger.expected);
  const calls = path.used === 'automatic' ? 0 : 1;
  const returns = returnsIn(effects);
  return [
    ...(expected.some(({ name }) => name === triggers.won?.name)
      ? []
      : [broken('caught', 'other', `caught by ${triggers.won?.name ?? 'no trigger'}`)]),
    ...expected
      .filter(({ fired }) => fired !== true)
      .map(({ name, reason }) => broken('caught', 'other', `${name} did not fire: ${reason}`)),
    ...(returns.length === calls
      ? []
      : [broken('caught', 'other', `rolled back ${returns.length} times: ${returns.join(', then ')}`)]),
  ];
};

/** I5: nothing is deployed before a way back was proven, the drill numbered and the deadline armed. */
const provenBefore: Invariant = ({ effects }) =>
  effects.filter(isDeploy).flatMap((effect) => {
    const journal = journalIn(effect.stored);
    const proven = entriesOf(journal, 'guardrail').some(
      ({ name, verdict }) => name === 'legal-way-back' && verdict === 'passed',
    );
    const numbered = lastOf(journal, 'numbered') !== undefined;
    return proven && numbered && lastOf(journal, 'captured')
      ? []
      : [
          broken(
            'I5',
            'other',
            `${told(effect)} although ${proven ? 'not numbered' : 'no way back was proven'}`,
          ),
        ];
  });

/** I6: no deployment without its entry before it. Whoever restores only tries to record. */
const recordedBefore: Invariant = ({ effects }) =>
  effects
    .filter(isDeploy)
    .filter(
      ({ stored }) => !entriesOf(journalIn(stored), 'call').some(({ state }) => state === 'DeployKnownBad'),
    )
    .map((effect) => broken('I6', 'other', `${told(effect)} before it was recorded`));

/** I7: `passed` cites measurements. */
const measured: Invariant = ({ sealed }) => {
  if (sealed?.outcome !== 'passed' || sealed.number === null) return [];
  const receipt = sealed as Receipt;
  const wanted = ['rollbackSpeedMs', 'rehearsalTimerMs', 'completeness'] as const;
  return [
    ...wanted
      .filter((figure) => receipt.figures[figure] === null)
      .map((figure) => broken('I7', 'other', `passed although ${figure} is unknown`)),
    ...receipt.validations
      .filter(({ verdict }) => verdict !== 'passed')
      .map(({ name, verdict }) => broken('I7', 'other', `passed although ${name} is ${verdict}`)),
  ];
};

/** I8, and the end of the world: nothing is left that would still happen. */
const atRest: Invariant = ({ schedules, rest }) => [
  ...schedules.map((name) => broken('I8', 'other', `schedule ${name} stays armed`)),
  ...(rest === 'limit' ? [broken('end', 'other', 'something still goes on long after the drill')] : []),
];

/** Their names are the promises that they check. */
const INVARIANTS = [
  restored,
  noFalseAlarm,
  locked,
  sealedOnce,
  toldOfRecords,
  onePath,
  caughtOnce,
  provenBefore,
  recordedBefore,
  measured,
  atRest,
];

const DEPLOYS_KNOWN_BAD = new Set(['deploys bad', 'deploys crashes', 'deploys unsold']);

function broken(invariant: Broken['invariant'], count: Count, what: string): Broken {
  return { invariant, count, what };
}

function isDeploy({ did }: Effect): boolean {
  return did.some((each) => DEPLOYS_KNOWN_BAD.has(each));
}

function returnsIn(effects: Found['effects']): readonly string[] {
  return effects.flatMap(({ did }) => did).filter((each) => !DEPLOYS_KNOWN_BAD.has(each));
}

function told({ call, did }: Effect): string {
  return `${call.who} ${did.join(' and ')}`;
}

function journalIn(items: Aftermath['items']): readonly Entry[] {
  return items
    .filter(({ pk, sk }) => pk === `DRILL#${DRILL_ID}` && String(sk).startsWith('ENTRY#'))
    .toSorted((a, b) => String(a.order).localeCompare(String(b.order)))
    .map(({ entry }) => entry as Entry);
}

function itemOf(
  items: Aftermath['items'],
  pk: string,
  sk: string,
): Readonly<Record<string, unknown>> | undefined {
  return items.find((item) => item.pk === pk && item.sk === sk);
}
