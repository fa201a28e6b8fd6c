import * as v from 'valibot';
import { MARKS } from '../drill/clock.ts';
import { FIGURES } from '../drill/figures.ts';
import { RECEIPT_SCHEMA } from '../drill/receipt.ts';
import { RECORD_SCHEMA } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { readInput } from './input-file.ts';

export interface Finding {
  /** For example `figures.rehearsalTimerMs`. */
  readonly part: string;
  readonly message: string;
}

/** A file that should hold a receipt: it does, it once did, or it is something else. */
export type ReceiptFile =
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly findings: readonly Finding[] }
  | { readonly kind: 'broken'; readonly findings: readonly Finding[] }
  | { readonly kind: 'other'; readonly reason: string };

const MOST_BYTES = 16 * 1024 * 1024;

export async function readReceipt(path: string): Promise<ReceiptFile> {
  const input = await readInput(path, MOST_BYTES);
  return input.kind === 'unreadable' ? other(`cannot be read: ${input.reason}`) : receiptIn(input.text);
}

/** The same of a text, wherever it was read from. */
export function receiptIn(text: string): ReceiptFile {
  try {
    const value: unknown = JSON.parse(text);
    return judged(value, repeatedNames(text, value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return other(`is not JSON: ${error.message}`);
  }
}

function judged(value: unknown, findings: readonly Finding[]): ReceiptFile {
  const schema = v.safeParse(v.looseObject({ schema: v.string() }), value);
  if (!schema.success) return other(`is not a receipt: it does not say schema "${RECEIPT_SCHEMA}"`);
  if (schema.output.schema === RECORD_SCHEMA)
    return other(
      'is the record of a drill that touched nothing: it has no number and no digest, so there is nothing to verify',
    );
  if (schema.output.schema !== RECEIPT_SCHEMA)
    return other(
      `is not a receipt that this version knows: schema must be "${RECEIPT_SCHEMA}"; received "${schema.output.schema}"`,
    );
  if (isReceipt(value)) return { kind: 'receipt', receipt: value, findings };
  const { issues = [] } = v.safeParse(receiptDocument, value);
  return {
    kind: 'broken',
    findings: [
      ...findings,
      ...issues.map((issue) => ({ part: v.getDotPath(issue) ?? 'receipt', message: issue.message })),
    ],
  };
}

/** Of two members with one name a person reads either, a program only the last. */
function repeatedNames(text: string, value: unknown): readonly Finding[] {
  const written = text.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g)?.length ?? 0;
  if (written === namesIn(value)) return [];
  return [{ part: 'file', message: 'a name stands twice in the same object; only the last one counts' }];
}

function namesIn(value: unknown): number {
  let names = 0;
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) names += Object.keys(next).length;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return names;
}

function isReceipt(value: unknown): value is Receipt {
  return v.is(receiptDocument, value);
}

function other(reason: string): ReceiptFile {
  return { kind: 'other', reason };
}

/* Loose throughout: members that a later version adds are covered by the digest, and must not be dropped. */

const text = v.string();
const whole = v.pipe(v.number(), v.safeInteger());
const nullableText = v.nullable(text);
const mark = v.union(
  [v.looseObject({ at: text, source: text, evidence: text }), v.looseObject({ at: v.null(), reason: text })],
  'must be a mark with its time and source, or null with a reason',
);
const trigger = v.looseObject({
  name: text,
  observedBy: text,
  at: text,
  source: text,
  evidence: text,
  budgetMs: v.number(),
});
/** Of a release that went through a pipeline. */
const execution = v.optional(
  v.looseObject({
    id: text,
    variables: v.record(text, text),
    sourceRevisions: v.array(v.looseObject({ action: text, revision: text })),
  }),
);
const release = v.nullable(
  v.looseObject({ release: text, taskDefinition: nullableText, imageDigest: nullableText, execution }),
);
const gap = v.looseObject({
  code: text,
  severity: v.picklist(['notice', 'warning', 'serious']),
  message: text,
  evidence: text,
});

const receiptDocument = v.looseObject({
  schema: v.literal(RECEIPT_SCHEMA),
  id: text,
  number: whole,
  target: text,
  plan: v.looseObject({ name: text, digest: text, tier: v.picklist(['critical', 'standard']) }),
  startedBy: text,
  approvals: v.array(v.looseObject({ by: text, at: text })),
  people: v.optional(v.array(v.looseObject({ by: text, did: text, at: text, reason: text }))),
  outcome: text,
  reasons: v.array(text),
  releases: v.looseObject({ lastHealthy: release, knownBad: release, runningAfter: release }),
  marks: v.looseObject(Object.fromEntries(MARKS.map((name) => [name, mark]))),
  humanWaitMs: v.nullable(v.number()),
  controlPlaneDoneAt: nullableText,
  figures: v.looseObject(Object.fromEntries(FIGURES.map((name) => [name, v.nullable(v.number())]))),
  unknown: v.record(text, text),
  notes: v.record(text, text),
  dominantStep: v.nullable(v.looseObject({ name: text, share: v.number() })),
  steps: v.array(v.looseObject({ name: text, startedAt: text, endedAt: text })),
  triggers: v.looseObject({ won: v.nullable(trigger), alsoObserved: v.array(trigger) }),
  validations: v.array(
    v.looseObject({
      name: text,
      kind: text,
      required: v.boolean(),
      verdict: v.picklist(['passed', 'failed', 'unknown']),
      reason: text,
    }),
  ),
  surfaced: v.array(gap),
  gaps: v.array(gap),
  path: v.looseObject({
    used: nullableText,
    tried: v.array(v.looseObject({ name: text, result: text, reason: text, execution })),
    byHand: v.optional(v.array(text)),
  }),
  commands: v.array(text),
  sideEffects: v.array(v.looseObject({ endpoint: text, effect: text, compensation: text })),
  incidents: v.array(v.looseObject({ kind: text, reason: text, at: nullableText, by: nullableText })),
  probes: v.looseObject({ summary: v.nullable(v.looseObject({})), series: v.array(text) }),
  sequence: whole,
  previousDigest: nullableText,
  fingerprints: v.record(text, text),
  digest: text,
});
