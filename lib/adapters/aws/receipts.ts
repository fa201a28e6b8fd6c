import { FenceRaised, TransientFault } from '../../drill/errors.ts';
import { fenceText } from '../../drill/fence.ts';
import type { DrillRecord } from '../../drill/record.ts';
import { type LastFired, lastFiredAfter } from '../../drill/rehearsed.ts';
import { type Head, NO_RECEIPTS, type Receipt, seal } from '../../drill/seal.ts';
import { seriesKey, toLines } from '../../drill/witness/sample.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Holder } from '../../ports/drills.ts';
import type { Receipts } from '../../ports/receipts.ts';
import { entryWrites, FENCE, fenced, OPEN_DRILLS, partition } from './journal.ts';
import { type Archive, putOnce } from './put-once.ts';
import { withReceipt, withRecord } from './statistics.ts';
import { getItem, type Key, put, type Table, transact, type Write } from './table.ts';

/** Another drill of the same target cannot seal at the same time for long: it needs the target's lock. */
const ATTEMPTS = 5;

export function awsReceipts(table: Table, archive: Archive, clock: Pick<Clock, 'now'>): Receipts {
  return {
    number: (drill) => takeNumber(table, drill, clock.now()),
    async seal(drillId, unsealed) {
      const receipt = await sealOnce(table, drillId, (head) => seal(unsealed, head), unsealed.target);
      await archiveReceipt(archive, receipt);
      return receipt;
    },
    async archiveSeries(drillId, samples) {
      await putOnce(archive, seriesKey(drillId), toLines(samples), 'application/jsonl');
    },
    record: (record) => recordOnce(table, record),
    lastFired: (target) => lastFired(table, target),
    find: (drillId) => findSealed(table, drillId),
  };
}

/** One transaction takes the number and records it: no number is taken by a drill that does not know of it. */
export async function takeNumber(table: Table, drill: Holder, now: number): Promise<number> {
  const { drillId, target } = drill.opened;
  const mine = { pk: partition(drillId), sk: 'NUMBER' };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const already = (await getItem(table, mine))?.number as number | undefined;
    if (already !== undefined) return already;
    const last = ((await getItem(table, targetKey(target, 'NUMBERS')))?.last as number | undefined) ?? 0;
    const refused = await transact(table, [
      put(table, { ...mine, number: last + 1 }, 'numbered before'),
      counted(table, target, last),
      ...fenced(table, drill),
      ...entryWrites(table, drill.opened, [{ kind: 'numbered', key: 'numbered', number: last + 1 }], now),
    ]);
    if (refused === undefined) return last + 1;
    if (refused === FENCE) throw new FenceRaised(drillId, fenceText(drill.fence));
  }
  throw new TransientFault(`drill ${drillId} got no number of ${target} in ${ATTEMPTS} attempts`);
}

/** One transaction writes the seal, moves the head of the chain and closes the journal: exactly once per drill. */
async function sealOnce(
  table: Table,
  drillId: string,
  sealAt: (head: Head) => Receipt,
  target: string,
): Promise<Receipt> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await findSealed(table, drillId);
    if (before) return before as Receipt;
    const head = ((await getItem(table, targetKey(target, 'HEAD')))?.head as Head | undefined) ?? NO_RECEIPTS;
    const receipt = sealAt(head);
    const fired = lastFiredAfter(await lastFired(table, target), receipt);
    const statistics = await withReceipt(table, receipt);
    const refused = await transact(table, [
      put(table, { ...sealKey(drillId), sealed: JSON.stringify(receipt) }, 'sealed before'),
      moved(table, target, head, receipt),
      remembered(table, target, fired),
      put(
        table,
        { ...targetKey(target, `RECEIPT#${padded(receipt.number)}`), drillId, outcome: receipt.outcome },
        'listed before',
      ),
      statistics,
      closed(table, drillId),
    ]);
    if (refused === undefined) return receipt;
  }
  throw new TransientFault(`drill ${drillId} could not be sealed in ${ATTEMPTS} attempts`);
}

/** One transaction writes the record, counts it and closes the journal: exactly once per drill. */
async function recordOnce(table: Table, record: DrillRecord): Promise<void> {
  await transact(table, [
    put(table, { ...sealKey(record.id), sealed: JSON.stringify(record) }, 'recorded before'),
    withRecord(table, record),
    closed(table, record.id),
  ]);
}

async function archiveReceipt(archive: Archive, receipt: Receipt): Promise<void> {
  const name = `receipts/${receipt.target}/${padded(receipt.number)}`;
  const { id, steps, marks } = receipt;
  await Promise.all([
    putOnce(archive, `${name}.json`, `${JSON.stringify(receipt, null, 2)}\n`),
    putOnce(archive, `${name}.steps.json`, `${JSON.stringify({ id, steps, marks }, null, 2)}\n`),
  ]);
}

async function lastFired(table: Table, target: string): Promise<LastFired> {
  return ((await getItem(table, targetKey(target, 'FIRED')))?.fired as LastFired | undefined) ?? {};
}

export async function findSealed(table: Table, drillId: string): Promise<Receipt | DrillRecord | undefined> {
  const item = await getItem(table, sealKey(drillId));
  return item && (JSON.parse(item.sealed as string) as Receipt | DrillRecord);
}

function moved(table: Table, target: string, from: Head, to: Receipt): Write {
  const Update = {
    TableName: table.name,
    Key: targetKey(target, 'HEAD'),
    UpdateExpression: 'SET head = :head, headSequence = :to',
    ConditionExpression: from.sequence === 0 ? 'attribute_not_exists(headSequence)' : 'headSequence = :from',
    ExpressionAttributeValues: {
      ':head': { sequence: to.sequence, digest: to.digest },
      ':to': to.sequence,
      ...(from.sequence === 0 ? {} : { ':from': from.sequence }),
    },
  };
  return { action: { Update }, meaning: 'the head has moved' };
}

/** Whoever seals moves the head in the same transaction, so nobody else has written it meanwhile. */
function remembered(table: Table, target: string, fired: LastFired): Write {
  const Put = { TableName: table.name, Item: { ...targetKey(target, 'FIRED'), fired } };
  return { action: { Put }, meaning: 'no condition' };
}

function counted(table: Table, target: string, last: number): Write {
  const Update = {
    TableName: table.name,
    Key: targetKey(target, 'NUMBERS'),
    UpdateExpression: 'SET #last = :next',
    ConditionExpression: last === 0 ? 'attribute_not_exists(#last)' : '#last = :last',
    ExpressionAttributeNames: { '#last': 'last' },
    ExpressionAttributeValues: { ':next': last + 1, ...(last === 0 ? {} : { ':last': last }) },
  };
  return { action: { Update }, meaning: 'another drill took the number' };
}

function closed(table: Table, drillId: string): Write {
  return {
    action: { Delete: { TableName: table.name, Key: { pk: OPEN_DRILLS, sk: drillId } } },
    meaning: 'closed before',
  };
}

function targetKey(target: string, sk: string): Key {
  return { pk: `TARGET#${target}`, sk };
}

function sealKey(drillId: string): Key {
  return { pk: partition(drillId), sk: 'SEAL' };
}

function padded(number: number): string {
  return String(number).padStart(3, '0');
}
