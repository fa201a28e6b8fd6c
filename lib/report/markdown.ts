import { MARKS } from '../drill/clock.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { figureRows } from './figures.ts';
import { safe } from './text.ts';
import { detected, owing } from './wording.ts';

/** A receipt as a page that is filed beside the code: trigger, timer, path, commands, gaps, and what proves it. */
export function markdown(record: Receipt | DrillRecord): string {
  const parts = record.number === null ? refusal(record) : receipt(record);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function refusal({
  id,
  target,
  plan,
  outcome,
  reasons,
  startedAt,
  startedBy,
  people: all,
}: DrillRecord): readonly string[] {
  return [
    `# Rollback drill of ${escaped(target)}: ${outcome}`,
    `${escaped(startedAt)}, plan ${escaped(plan.name)}, started by ${escaped(startedBy)}. Nothing was touched.`,
    bullets(reasons.map(escaped)),
    section('People', people({ people: all })),
    `Record ${code(id)}`,
  ];
}

function receipt(receipt: Receipt): readonly string[] {
  const { number, target, outcome, reasons, marks, plan, startedBy } = receipt;
  return [
    `# Rollback drill ${String(number).padStart(3, '0')} of ${escaped(target)}: ${outcome}`,
    `${escaped(marks.drillStarted.at ?? '')}, plan ${escaped(plan.name)} (${plan.tier}), started by ${escaped(startedBy)}.`,
    bullets(reasons.map(escaped)),
    section('Trigger', trigger(receipt)),
    section('Timer', timer(receipt)),
    section('Detection', detectionTable(receipt)),
    section('Timestamps (UTC)', timestamps(receipt)),
    section('Path and commands', path(receipt)),
    section('People', people(receipt)),
    section('Validations', validations(receipt)),
    section('Gaps', bullets(receipt.gaps.map(gap))),
    section('Compensations owed', sideEffects(receipt)),
    section('Proof', proof(receipt)),
  ];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function trigger({ triggers: { won, alsoObserved } }: Receipt): string {
  const first = won ? `**${escaped(won.name)}**: ${escaped(won.evidence)}` : 'No trigger of the plan fired.';
  const others = alsoObserved.map(
    ({ name, evidence }) => `Also observed: ${escaped(name)}: ${escaped(evidence)}`,
  );
  return bullets([first, ...others]);
}

function detectionTable({ detection = [] }: Receipt): string {
  const rows = detection.map((trigger) => [
    escaped(trigger.name),
    `${escaped(trigger.condition)} (${escaped(trigger.observedBy)}), ${trigger.action}`,
    trigger.fired === null ? 'not known' : trigger.fired ? 'yes' : 'no',
    trigger.withinBudget === null ? '—' : trigger.withinBudget ? 'yes' : 'no',
    escaped(trigger.fired === true ? `${detected(trigger)}; ${trigger.reason}` : detected(trigger)),
  ]);
  return rows.length === 0 ? '' : table(['trigger', 'condition', 'fired', 'in budget', 'when and why'], rows);
}

function timer(receipt: Receipt): string {
  const rows = figureRows(receipt).map(({ label, value, about, isHeadline }) => {
    const shown = value ?? 'unknown';
    return [label, isHeadline ? `**${shown}**` : shown, escaped(about)];
  });
  return table(['figure', 'value', 'is'], rows);
}

function timestamps({ marks }: Receipt): string {
  const rows = MARKS.map((name) => {
    const mark = marks[name];
    return mark.at === null
      ? [name, '—', escaped(mark.reason)]
      : [name, escaped(mark.at), `${mark.source}: ${escaped(mark.evidence)}`];
  });
  return table(['mark', 'at', 'known from'], rows);
}

function path({ path: { used, tried }, migration, commands }: Receipt): string {
  const results = tried.map(({ name, result, reason }) => `${code(name)} ${result}: ${escaped(reason)}`);
  return [
    used === null ? 'No path restored the target.' : `Restored by ${code(used)}.`,
    bullets(results),
    migration ? `Undo of the migration: ${migration.result}: ${escaped(migration.reason)}` : '',
    commands.length > 0 ? 'Commands:' : '',
    bullets(commands.map((command) => code(command))),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Receipts of earlier versions name nobody but who started the drill. */
function people({ people: all = [] }: Partial<Pick<Receipt, 'people'>>): string {
  const rows = all.map(({ at, by, did, reason }) => [escaped(at), escaped(by), did, escaped(reason)]);
  return rows.length === 0 ? '' : table(['at', 'who', 'did', 'because'], rows);
}

function validations({ validations: all }: Receipt): string {
  const rows = all.map(({ name, kind, required, verdict, reason }) => [
    escaped(name),
    required ? kind : `${kind}, not required`,
    verdict,
    escaped(reason),
  ]);
  return rows.length === 0 ? 'The plan has none.' : table(['name', 'kind', 'verdict', 'because'], rows);
}

function gap({ code: name, severity, message, evidence }: Receipt['gaps'][number]): string {
  return `${severity}: ${escaped(message)} (${code(name)}: ${escaped(evidence)})`;
}

function sideEffects({ sideEffects: all }: Receipt): string {
  return bullets(all.map((sideEffect) => `${code(sideEffect.endpoint)}: ${escaped(owing(sideEffect))}`));
}

function proof({ id, sequence, digest, previousDigest, releases }: Receipt): string {
  const named = {
    'last healthy': releases.lastHealthy,
    'known-bad': releases.knownBad,
    'running after': releases.runningAfter,
  };
  return bullets([
    `Drill ${code(id)}, sequence ${sequence}`,
    ...Object.entries(named).map(([name, release]) =>
      release === null
        ? `${name}: unknown`
        : `${name}: ${[release.release, release.taskDefinition, release.imageDigest, release.execution?.id]
            .flatMap((part) => (part ? [code(part)] : []))
            .join(' ')}`,
    ),
    `Digest ${code(digest)}`,
    previousDigest === null ? 'The first receipt of this target' : `Follows ${code(previousDigest)}`,
  ]);
}

function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that shows as itself: no markup, no HTML, no link that others could smuggle in. */
function escaped(text: string): string {
  return safe(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#|~$!]/g, '\\$&')
    .replaceAll('://', ':\\//');
}

/** Within a code span only its own end could break out. */
function code(text: string): string {
  return `\`${safe(text, 2_000).replaceAll('`', "'")}\``;
}
