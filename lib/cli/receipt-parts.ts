import { MARKS } from '../drill/clock.ts';
import type { Detection } from '../drill/detection.ts';
import type { Receipt } from '../drill/seal.ts';
import { figureRows } from '../report/figures.ts';
import { type Paint, padded, safe } from '../report/text.ts';
import { detected, executed, owing } from '../report/wording.ts';
import { withoutAccount } from './journal-notes.ts';
import { hanging, type Page, type Part } from './page.ts';

/* The parts of a receipt as a person reads them, in the order of the page. */

export function marks({ marks: all }: Receipt, page: Page): Part {
  const started = Date.parse(all.drillStarted.at ?? '');
  const named = MARKS.map((name) => [name, all[name]] as const);
  const set = named.flatMap(([name, mark]) =>
    mark.at === null ? [] : [{ name, ...mark, ms: Date.parse(mark.at) }],
  );
  const missing = named.flatMap(([name, mark]) => (mark.at === null ? [{ name, reason: mark.reason }] : []));
  return [
    ...set
      .toSorted((a, b) => a.ms - b.ms)
      .flatMap(({ name, at, ms, source, resolutionMs }) => {
        const since = Number.isNaN(started) ? '' : seconds(ms - started);
        const coarse = resolutionMs === undefined ? '' : page.paint('dim', `, known to ${resolutionMs} ms`);
        return `  ${at.slice(11, 23)}  ${since.padStart(10)}  ${padded(name, 17)} ${page.paint('dim', source)}${coarse}`;
      }),
    ...missing.flatMap(({ name, reason }) =>
      hanging(`  ${padded('—', 12)}  ${' '.repeat(10)}  ${padded(name, 17)} `, safe(reason), page, {
        format: 'dim',
      }),
    ),
  ];
}

function seconds(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1_000).toFixed(3)}s`;
}

export function triggers({ triggers: { won, alsoObserved, planned } }: Receipt, page: Page): Part {
  return [
    ...(won ? hanging(`  ${page.paint('bold', safe(won.name))}: `, safe(won.evidence), page) : []),
    // Where the plan's triggers are known, the table of detection tells of them all.
    ...(planned ? [] : alsoObserved).flatMap(({ name, evidence, at }) =>
      hanging('  ', safe(`also observed at ${at.slice(11, 23)}: ${name}: ${evidence}`), page, {
        format: 'dim',
      }),
    ),
  ];
}

export function detection({ detection: all = [] }: Receipt, page: Page): Part {
  const width = Math.min(24, Math.max(0, ...all.map(({ name }) => name.length)));
  return all.flatMap((trigger) => {
    const sign = detectionSign(trigger, page.paint);
    return hanging(`  ${sign} ${padded(safe(trigger.name), width)}  `, safe(detected(trigger)), page, {
      format: trigger.fired === true ? 'none' : 'dim',
    });
  });
}

function detectionSign({ fired, withinBudget, expected }: Detection, paint: Paint): string {
  if (fired === true) return withinBudget === false ? paint('red', '✗') : paint('green', '✓');
  if (fired === false && expected) return paint('yellow', '!');
  return paint('dim', fired === false ? '·' : '?');
}

export function figures(receipt: Receipt, page: Page, recentCallsMs: readonly number[]): Part {
  return figureRows(receipt, recentCallsMs).flatMap(({ label, value, about, isHeadline }) => {
    const shown = value === null ? page.paint('dim', '     unknown') : value.padStart(12);
    const lead = `  ${padded(label, 24)} ${isHeadline ? page.paint('bold', shown) : shown}  `;
    return hanging(lead, safe(about), page, { format: 'dim' });
  });
}

export function paths({ path, migration }: Receipt, page: Page): Part {
  const tried = path.tried.flatMap(({ name, result, reason, execution }) => {
    const became = execution ? `; ${executed(execution)}` : '';
    const text = safe(`${result}: ${reason}${became}`);
    return hanging(`  ${RESULTS[result](page.paint)} ${padded(safe(name), 28)} `, text, page);
  });
  const none = path.used === null ? [`  ${page.paint('yellow', 'no path restored the target')}`] : [];
  return [...none, ...tried, ...(migration ? undone(migration, page) : [])];
}

function undone({ result, reason }: NonNullable<Receipt['migration']>, page: Page): Part {
  const isWell = result === 'undone' || result === 'not-needed';
  const sign = isWell ? page.paint('green', '✓') : page.paint('red', '✗');
  return hanging(`  ${sign} ${padded('undo of the migration', 28)} `, safe(`${result}: ${reason}`), page);
}

const RESULTS: Record<Receipt['path']['tried'][number]['result'], (paint: Paint) => string> = {
  accepted: (paint) => paint('green', '✓'),
  adopted: (paint) => paint('green', '✓'),
  'not-applicable': (paint) => paint('dim', '·'),
  failed: (paint) => paint('red', '✗'),
};

export function validations(receipt: Receipt, page: Page): Part {
  const signs = { passed: ['green', '✓'], failed: ['red', '✗'], unknown: ['yellow', '?'] } as const;
  return receipt.validations.flatMap(({ name, kind, required, verdict, reason }) => {
    const [colour, sign] = signs[verdict];
    const optional = required ? '' : ', not required';
    const lead = `  ${page.paint(colour, sign)} ${safe(name)} (${kind}${optional}) `;
    return hanging(lead, safe(`${verdict}: ${reason}`), page, { indent: 4 });
  });
}

export function gaps(receipt: Receipt, page: Page): Part {
  const colours = { notice: 'dim', warning: 'yellow', serious: 'red' } as const;
  return receipt.gaps.flatMap(({ code, severity, message, evidence }) =>
    hanging(
      `  ${page.paint(colours[severity], padded(severity, 8))} `,
      safe(`${message} (${code}: ${evidence})`),
      page,
    ),
  );
}

/** Receipts of earlier versions name nobody but who started the drill. */
export function people({ people: all = [] }: Partial<Pick<Receipt, 'people'>>, page: Page): Part {
  return all.flatMap(({ by, did, at, reason }) =>
    hanging(
      `  ${at.slice(11, 23)}  ${safe(`${withoutAccount(by)} ${did}`)}: `,
      safe(withoutAccount(reason)),
      page,
      { indent: 16 },
    ),
  );
}

/** Not wrapped: commands are there to be copied. */
export function commands(receipt: Receipt): Part {
  return receipt.commands.map(written);
}

export function byHand({ path }: Receipt): Part {
  return (path.byHand ?? []).map(written);
}

function written(command: string): string {
  return `  $ ${safe(command, 2_000)}`;
}

export function sideEffects(receipt: Receipt, page: Page): Part {
  return receipt.sideEffects.flatMap((sideEffect) =>
    hanging(`  ${safe(sideEffect.endpoint)}: `, safe(owing(sideEffect)), page, { indent: 4 }),
  );
}

export function releases({ releases: { lastHealthy, knownBad, runningAfter } }: Receipt, page: Page): Part {
  const named = { 'last healthy': lastHealthy, 'known-bad': knownBad, 'running after': runningAfter };
  return Object.entries(named).flatMap(([name, release]) => {
    const lead = `  ${padded(name, 14)} `;
    if (release === null) return `${lead}${page.paint('dim', 'unknown')}`;
    const { release: identity, taskDefinition, imageDigest, execution } = release;
    const parts = [identity, withoutAccount(taskDefinition ?? ''), shortDigest(imageDigest)];
    const through = execution ? `, ${executed(execution)}` : '';
    const text = safe(`${parts.filter(Boolean).join(' ')}${through}`);
    return hanging(lead, text, page);
  });
}

/** Enough to tell images apart; the document has all of it. */
function shortDigest(digest: string | null): string {
  return digest === null ? '' : digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…');
}

export function proof(receipt: Receipt, page: Page): Part {
  const { id, sequence, digest, previousDigest, plan, startedBy, probes } = receipt;
  const seen = probes.summary
    ? `${probes.summary.total} probes, ${probes.summary.failed} failed`
    : 'no probes';
  return [
    ...hanging('  ', safe(`${id}, plan ${plan.name} (${plan.tier}), started by ${startedBy}, ${seen}`), page),
    `  sequence ${sequence}, ${safe(digest)}`,
    previousDigest === null ? '  the first receipt of this target' : `  follows ${safe(previousDigest)}`,
  ];
}
