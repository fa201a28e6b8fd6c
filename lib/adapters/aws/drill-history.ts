import type { DrillRecord } from '../../drill/record.ts';
import type { Receipt } from '../../drill/seal.ts';
import type { DrillHistory } from '../../ports/receipts.ts';
import { drillsFromNewest } from './drills-from-newest.ts';
import { partition } from './journal.ts';
import { getItem, type Table } from './table.ts';

const AT_ONCE = 10;
const PAGE_SIZE = 500;

/** No account has as many drills; whoever has asks for a window. */
const MOST_DRILLS = 1_000_000;

/** Reads receipts and records one by one, as many at once as it may; nothing is kept but a batch of them. */
export function dynamoDrillHistory(table: Table): DrillHistory {
  return {
    async *receipts(target, from) {
      const last = await lastNumber(table, target);
      for (let done = 0; done < Math.min(last, MOST_DRILLS); done += AT_ONCE) {
        const size = Math.min(AT_ONCE, last - done);
        const numbers = Array.from({ length: size }, (_, at) =>
          from === 'newest' ? last - done - at : done + at + 1,
        );
        const receipts = await Promise.all(numbers.map((number) => receiptOf(table, target, number)));
        yield* receipts.filter((receipt) => receipt !== undefined);
      }
    },
    async *records(target) {
      for await (const page of drillsFromNewest(table, PAGE_SIZE, MOST_DRILLS / PAGE_SIZE)) {
        const ids = page.filter((item) => item.target === target).map(({ drillId }) => drillId as string);
        for (let at = 0; at < ids.length; at += AT_ONCE) {
          const batch = ids.slice(at, at + AT_ONCE);
          yield* (await Promise.all(batch.map((id) => recordOf(table, id)))).filter(
            (record) => record !== undefined,
          );
        }
      }
    },
    async targets() {
      const found = new Set<string>();
      for await (const page of drillsFromNewest(table, PAGE_SIZE, MOST_DRILLS / PAGE_SIZE))
        for (const { target } of page) found.add(target as string);
      return [...found].sort();
    },
  };
}

/** Numbers are given from 1 without a hole; a drill that is still open has one and no receipt. */
async function lastNumber(table: Table, target: string): Promise<number> {
  const item = await getItem(table, { pk: `TARGET#${target}`, sk: 'NUMBERS' });
  return (item?.last as number | undefined) ?? 0;
}

async function receiptOf(table: Table, target: string, number: number): Promise<Receipt | undefined> {
  const sk = `RECEIPT#${String(number).padStart(3, '0')}`;
  const listed = await getItem(table, { pk: `TARGET#${target}`, sk });
  if (!listed) return undefined;
  return (await sealed(table, listed.drillId as string)) as Receipt | undefined;
}

async function recordOf(table: Table, drillId: string): Promise<DrillRecord | undefined> {
  const found = await sealed(table, drillId);
  return found?.number === null ? found : undefined;
}

async function sealed(table: Table, drillId: string): Promise<Receipt | DrillRecord | undefined> {
  const item = await getItem(table, { pk: partition(drillId), sk: 'SEAL' });
  return item && (JSON.parse(item.sealed as string) as Receipt | DrillRecord);
}
