import { receiptArchive } from '../adapters/aws/receipt-archive.ts';
import type { Head, Receipt } from '../drill/seal.ts';
import { safe } from '../report/text.ts';
import { type CliContext, UsageError } from './command.ts';
import { type Finding, type ReceiptFile, receiptIn } from './receipt-file.ts';
import { ifStored } from './stored.ts';

/** Every object of them is held in memory, as a chain is proven as a whole. */
const MOST_RECEIPTS = 5_000;
const AT_ONCE = 10;
/** Longer keys no store has. */
const LONGEST_TARGET = 500;

type Archived = ReceiptFile & { readonly file: string };

/**
 * The whole archive of a target in the order of its chain, each receipt with what does not hold of its place: under another
 * number than its own, or not at the end of the chain although it is the last.
 */
export async function archivedReceipts(context: CliContext, target: string): Promise<readonly Archived[]> {
  const found =
    target.length > LONGEST_TARGET ? undefined : await ifStored(context, () => everythingOf(target));
  if (!found || (found.read.length === 0 && found.head.sequence === 0))
    throw new UsageError(
      `No receipt of target ${safe(target)} is archived. Targets are named like ecs:CLUSTER/SERVICE; 'drill list' shows them.`,
    );
  const inChain = found.read.toSorted((a, b) => sequenceIn(a) - sequenceIn(b));
  return ended(inChain.map(placed), target, found.head);
}

async function everythingOf(target: string): Promise<{ read: readonly Archived[]; head: Head }> {
  const archive = receiptArchive();
  const keys = await archive.keys(target, MOST_RECEIPTS);
  if (keys.length > MOST_RECEIPTS)
    throw new UsageError(
      `Target ${safe(target)} has more than ${MOST_RECEIPTS} receipts. Download them and verify them in parts: drill verify <receipt.json>…`,
    );
  const read: Archived[] = [];
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const batch = keys.slice(at, at + AT_ONCE);
    read.push(
      ...(await Promise.all(
        batch.map(async (file) => ({ file, ...sealedAs(receiptIn(await archive.text(file))) })),
      )),
    );
  }
  return { read, head: await archive.head(target) };
}

/** Nothing else was ever put there. */
function sealedAs(read: ReceiptFile): ReceiptFile {
  return read.kind === 'other'
    ? { kind: 'broken', findings: [{ part: 'file', message: read.reason }] }
    : read;
}

function sequenceIn(one: Archived): number {
  return one.kind === 'receipt' ? one.receipt.sequence : Number.POSITIVE_INFINITY;
}

/** A receipt lies under its own number, in the folder of its own target. */
function placed(one: Archived): Archived {
  if (one.kind !== 'receipt') return one;
  const { target, number } = one.receipt;
  const key = `receipts/${target}/${String(number).padStart(3, '0')}.json`;
  if (key === one.file) return one;
  return withFinding(one, { part: 'key', message: `it is archived as ${one.file}, and belongs to ${key}` });
}

/** The table knows how the chain ends, and that it begins with 1. */
function ended(archived: readonly Archived[], target: string, head: Head): readonly Archived[] {
  const receipts = archived.flatMap((one) => (one.kind === 'receipt' ? [one.receipt] : []));
  const findings = [...beginning(receipts[0]), ...ending(receipts.at(-1), head)];
  if (findings.length === 0) return archived;
  return [...archived, { kind: 'broken', file: `receipts/${target}/`, findings }];
}

function beginning(first: Receipt | undefined): readonly Finding[] {
  if (first === undefined || first.sequence === 1) return [];
  return [
    {
      part: 'sequence',
      message: `the first receipt has sequence ${first.sequence}: those before it are missing`,
    },
  ];
}

function ending(last: Receipt | undefined, head: Head): readonly Finding[] {
  if (last?.sequence === head.sequence && last.digest === head.digest) return [];
  const end = last === undefined ? 'is empty' : `ends with sequence ${last.sequence}, ${last.digest}`;
  const chain = `the chain with ${head.sequence}, ${head.digest}`;
  return [
    { part: 'head', message: `the archive ${end}; ${chain}. Is a drill being sealed? Then verify again` },
  ];
}

function withFinding(one: Archived & { kind: 'receipt' }, finding: Finding): Archived {
  return { ...one, findings: [...one.findings, finding] };
}
