import { drillList } from '../adapters/aws/listing.ts';
import { receipts } from '../adapters/aws/wiring/records.ts';
import type { Receipt } from '../drill/seal.ts';
import { verify as differencesIn } from '../drill/verify.ts';
import { json } from '../report/json.ts';
import { paintOn, safe } from '../report/text.ts';
import { archivedReceipts } from './archived-receipts.ts';
import { type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { differing } from './differing.ts';
import { type Finding, type ReceiptFile, readReceipt } from './receipt-file.ts';
import { ifStored } from './stored.ts';

export const verify: Command = {
  name: 'verify',
  usage: '<receipt.json>… or --target T [--json]',
  summary:
    'Recomputes every figure of receipts and their chain, of files or of all that is archived of a target. Exit 1 and the difference if anything was altered.',
  options: { target: { type: 'string' }, json: { type: 'boolean' } },
  async run(context, { positionals, values }) {
    const read = await receiptsFrom(context, positionals, values.target as string | undefined);
    const verdicts = await judge(context, read);
    context.out.write(values.json ? json(asJson(verdicts)) : asText(verdicts, context));
    if (verdicts.some(({ findings }) => findings.length > 0)) return EXIT.fault;
    return verdicts.some(({ reason }) => reason !== null) ? EXIT.usage : EXIT.ok;
  },
};

type Read = ReceiptFile & { readonly file: string };

async function receiptsFrom(
  context: CliContext,
  files: readonly string[],
  target: string | undefined,
): Promise<readonly Read[]> {
  if (target !== undefined && files.length > 0)
    throw new UsageError(`Files or --target, not both; received ${files.length} and --target.`);
  if (target !== undefined) return archivedReceipts(context, target);
  if (files.length > 0)
    return Promise.all(files.map(async (file) => ({ file, ...(await readReceipt(file)) })));
  throw new UsageError(
    'Which receipts? For example: drill verify --target ecs:demo/shop; or: drill show ecs:demo/shop#001 --json > 001.json; drill verify 001.json',
  );
}

interface Verdict {
  readonly file: string;
  readonly receipt: string | null;
  readonly findings: readonly Finding[];
  readonly stored: Stored;
  /** Why the file could not be judged at all. */
  readonly reason: string | null;
}

type Stored = 'same' | 'different' | 'not-found';

async function judge(context: CliContext, read: readonly Read[]): Promise<readonly Verdict[]> {
  const receipts = read.flatMap((one) => (one.kind === 'receipt' ? [one] : []));
  const alone = new Map(receipts.map(({ file, receipt }) => [file, differencesIn([receipt])]));
  const known = new Set([...alone.values()].flat().map((difference) => JSON.stringify(difference)));
  const chain = differencesIn(receipts.map(({ receipt }) => receipt)).filter(
    (difference) => !known.has(JSON.stringify(difference)),
  );
  const stored = await storedOf(
    context,
    receipts.map(({ receipt }) => receipt),
  );
  return read.map((one) => {
    if (one.kind === 'other') return verdict(one.file, null, [], 'not-found', one.reason);
    if (one.kind === 'broken') return verdict(one.file, null, one.findings, 'not-found', null);
    const name = nameOf(one.receipt);
    const isLast = receipts.findLast(({ receipt }) => nameOf(receipt) === name)?.file === one.file;
    const broken = isLast ? chain.filter(({ receipt }) => receipt === name) : [];
    const original = stored.get(one.receipt);
    const changed = original === undefined ? [] : againstStored(one.receipt, original);
    const findings = [...one.findings, ...(alone.get(one.file) ?? []), ...broken, ...changed];
    return verdict(
      one.file,
      name,
      findings,
      original === undefined ? 'not-found' : changed.length > 0 ? 'different' : 'same',
      null,
    );
  });
}

function verdict(
  file: string,
  receipt: string | null,
  findings: readonly Finding[],
  stored: Stored,
  reason: string | null,
): Verdict {
  return {
    file,
    receipt,
    findings: findings.map(({ part, message }) => ({ part, message })),
    stored,
    reason,
  };
}

/** What the records hold under the receipt's number, or else under its id; nothing where there are no records. */
async function storedOf(
  context: CliContext,
  files: readonly Receipt[],
): Promise<ReadonlyMap<Receipt, Receipt>> {
  const found = new Map<Receipt, Receipt>();
  if (files.length === 0) return found;
  await ifStored(context, async () => {
    for (const receipt of files) {
      const record = await receipts().find(await idOf(receipt));
      if (record && record.number !== null) found.set(receipt, record);
    }
  });
  return found;
}

/** Longer keys the table does not have. */
const LONGEST_KEY = 500;

async function idOf({ target, number, id }: Receipt): Promise<string> {
  const numbered = target.length > LONGEST_KEY ? undefined : await drillList().idOf(target, number);
  return numbered ?? id.slice(0, LONGEST_KEY);
}

function againstStored(receipt: Receipt, stored: Receipt): readonly Finding[] {
  return differing(receipt, stored).map(({ path, left, right }) => ({
    part: path,
    message: `the file says ${short(left)}, the stored receipt ${short(right)}`,
  }));
}

function asJson(verdicts: readonly Verdict[]): object {
  const files = verdicts.map(({ file, receipt, findings, stored, reason }) => {
    const state = reason !== null ? 'unreadable' : findings.length > 0 ? 'different' : 'ok';
    return { file, receipt, verdict: state, stored, reason, differences: findings };
  });
  return { ok: files.every(({ verdict: state }) => state === 'ok'), files };
}

function asText(verdicts: readonly Verdict[], { out }: CliContext): string {
  const paint = paintOn(out);
  const lines = verdicts.flatMap(({ file, findings, reason }) => {
    const name = safe(file);
    if (reason !== null) return [`${name}: ${paint('yellow', safe(reason))}`];
    if (findings.length === 0) return [`${name}: ${paint('green', 'ok')}`];
    return findings.map(({ part, message }) => `${name}: ${paint('red', safe(part))}: ${safe(message)}`);
  });
  return `${lines.join('\n')}\n`;
}

function nameOf({ target, number }: Receipt): string {
  return `${target}#${String(number).padStart(3, '0')}`;
}

function short(value: unknown): string {
  return value === undefined ? 'nothing' : safe(JSON.stringify(value), 120);
}
