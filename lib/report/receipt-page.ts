import { MARKS } from '../drill/clock.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { figureRows } from './figures.ts';
import { inShort } from './in-short.ts';
import { type Block, code, type Line, type Page, type Span, section, strong } from './page.ts';
import { postmortem } from './postmortem.ts';
import { timeline } from './timeline.ts';
import { detected, executed, owing } from './wording.ts';

/** What came of a drill as a page: in short first, then everything, then what proves it, last what people are to talk about. */
export function receiptPage(record: Receipt | DrillRecord): Page {
  return record.number === null ? refusal(record) : receipt(record);
}

function refusal({ id, target, plan, outcome, reasons, startedAt, startedBy, people }: DrillRecord): Page {
  return [
    { kind: 'title', text: `Rollback drill of ${target}: ${outcome}` },
    {
      kind: 'paragraph',
      text: `${startedAt}, plan ${plan.name}, started by ${startedBy}. Nothing was touched.`,
    },
    { kind: 'list', items: reasons },
    ...section('People', peopleTable({ people })),
    { kind: 'paragraph', text: ['Record ', code(id)] },
  ];
}

function receipt(receipt: Receipt): Page {
  const { number, target, outcome, reasons, marks, plan, startedBy } = receipt;
  return [
    {
      kind: 'title',
      text: `Rollback drill ${String(number).padStart(3, '0')} of ${target}: ${outcome}`,
    },
    {
      kind: 'paragraph',
      text: `${marks.drillStarted.at ?? ''}, plan ${plan.name} (${plan.tier}), started by ${startedBy}.`,
    },
    { kind: 'list', items: reasons },
    ...section('In short', inShort(receipt)),
    ...section('Trigger', trigger(receipt)),
    ...section('Timer', timer(receipt)),
    ...section('Detection', detectionTable(receipt)),
    ...section('Timeline (UTC)', timeline(receipt)),
    ...section('Timestamps (UTC)', timestamps(receipt)),
    ...section('Path and commands', ...path(receipt)),
    ...section('People', peopleTable(receipt)),
    ...section('Validations', validations(receipt)),
    ...section('Gaps', { kind: 'list', items: receipt.gaps.map(gap) }),
    ...section('Compensations owed', sideEffects(receipt)),
    ...section('Proof', proof(receipt)),
    ...postmortem(receipt),
  ];
}

function trigger({ triggers: { won, alsoObserved } }: Receipt): Block {
  const first: Line = won ? [strong(won.name), `: ${won.evidence}`] : 'No trigger of the plan fired.';
  const others = alsoObserved.map(({ name, evidence }) => `Also observed: ${name}: ${evidence}`);
  return { kind: 'list', items: [first, ...others] };
}

function detectionTable({ detection = [] }: Receipt): Block {
  const rows = detection.map((trigger) => [
    trigger.name,
    `${trigger.condition} (${trigger.observedBy}), ${trigger.action}`,
    trigger.fired === null ? 'not known' : trigger.fired ? 'yes' : 'no',
    trigger.withinBudget === null ? '—' : trigger.withinBudget ? 'yes' : 'no',
    trigger.fired === true ? `${detected(trigger)}; ${trigger.reason}` : detected(trigger),
  ]);
  return { kind: 'table', head: ['trigger', 'condition', 'fired', 'in budget', 'when and why'], rows };
}

function timer(receipt: Receipt): Block {
  const rows = figureRows(receipt).map(({ label, value, about, isHeadline }): readonly Line[] => {
    const shown = value ?? 'unknown';
    return [label, isHeadline ? [strong(shown)] : shown, about];
  });
  return { kind: 'table', head: ['figure', 'value', 'is'], rows };
}

function timestamps({ marks }: Receipt): Block {
  const rows = MARKS.map((name) => {
    const mark = marks[name];
    return mark.at === null ? [name, '—', mark.reason] : [name, mark.at, `${mark.source}: ${mark.evidence}`];
  });
  return { kind: 'table', head: ['mark', 'at', 'known from'], rows };
}

function path({ path: { used, tried, byHand = [] }, migration, commands }: Receipt): Page {
  const undone = migration ? `Undo of the migration: ${migration.result}: ${migration.reason}` : '';
  return [
    {
      kind: 'paragraph',
      text: used === null ? 'No path restored the target.' : ['Restored by ', code(used), '.'],
    },
    {
      kind: 'list',
      items: tried.map(({ name, result, reason, execution }) => [
        code(name),
        ` ${result}: ${reason}${execution ? `; ${executed(execution)}` : ''}`,
      ]),
    },
    { kind: 'paragraph', text: undone },
    { kind: 'paragraph', text: commands.length > 0 ? 'Commands:' : '' },
    { kind: 'list', items: commands.map((command) => [code(command)]) },
    {
      kind: 'paragraph',
      text: byHand.length > 0 ? 'By hand, the ways back as they were found before the drill:' : '',
    },
    { kind: 'list', items: byHand.map((command) => [code(command)]) },
  ];
}

/** Receipts of earlier versions name nobody but who started the drill. */
function peopleTable({ people = [] }: Partial<Pick<Receipt, 'people'>>): Block {
  const rows = people.map(({ at, by, did, reason }) => [at, by, did, reason]);
  return { kind: 'table', head: ['at', 'who', 'did', 'because'], rows };
}

function validations({ validations: all }: Receipt): Block {
  if (all.length === 0) return { kind: 'paragraph', text: 'The plan has none.' };
  const rows = all.map(({ name, kind, required, verdict, reason }) => [
    name,
    required ? kind : `${kind}, not required`,
    verdict,
    reason,
  ]);
  return { kind: 'table', head: ['name', 'kind', 'verdict', 'because'], rows };
}

function gap({ code: name, severity, message, evidence }: Receipt['gaps'][number]): Line {
  return [`${severity}: ${message} (`, code(name), `: ${evidence})`];
}

function sideEffects({ sideEffects: all }: Receipt): Block {
  return {
    kind: 'list',
    items: all.map((sideEffect) => [code(sideEffect.endpoint), `: ${owing(sideEffect)}`]),
  };
}

function proof({ id, sequence, digest, previousDigest, releases }: Receipt): Block {
  const named = {
    'last healthy': releases.lastHealthy,
    'known-bad': releases.knownBad,
    'running after': releases.runningAfter,
  };
  const follows: Line =
    previousDigest === null ? 'The first receipt of this target' : ['Follows ', code(previousDigest)];
  return {
    kind: 'list',
    items: [
      ['Drill ', code(id), `, sequence ${sequence}`],
      ...Object.entries(named).map(([name, release]): Line => [`${name}:`, ...partsOf(release)]),
      ['Digest ', code(digest)],
      follows,
    ],
  };
}

function partsOf(release: Receipt['releases']['lastHealthy']): readonly Span[] {
  if (release === null) return [' unknown'];
  const { release: identity, taskDefinition, imageDigest, execution } = release;
  const named = [identity, taskDefinition, imageDigest].flatMap((part) => (part ? [' ', code(part)] : []));
  return [...named, ...(execution ? [`, ${executed(execution)}`] : [])];
}
