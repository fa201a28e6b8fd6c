import { triggerToCallMs } from '../../drill/figures.ts';
import type { DrillRecord } from '../../drill/record.ts';
import type { Receipt } from '../../drill/seal.ts';
import type { ListedDrill } from '../../ports/receipts.ts';
import { dynamo } from './clients.ts';
import { drillsFromNewest } from './drills-from-newest.ts';
import { readEnvironment } from './environment.ts';
import { OPEN_DRILLS, partition } from './journal.ts';
import { getItem, type Item, queryAll, type Table } from './table.ts';

export interface DrillList {
  /** The newest drills first, at most `limit`; of one target when it is named. */
  newest(query: { target?: string | undefined; limit: number }): Promise<readonly ListedDrill[]>;
  /** The id of the numbered drill of a target, sealed or still open. */
  idOf(target: string, number: number): Promise<string | undefined>;
}

/** The list in the table that this process's environment names. */
export function drillList(): DrillList {
  return dynamoDrillList({ dynamo: dynamo(), name: readEnvironment(process.env).TABLE_NAME });
}

function dynamoDrillList(table: Table): DrillList {
  return {
    async newest({ target, limit }) {
      const listed: ListedDrill[] = [];
      for await (const page of drillsFromNewest(table, PAGE_SIZE, MOST_PAGES)) {
        const wanted = page.filter((item) => target === undefined || item.target === target);
        listed.push(
          ...(await inBatches(wanted.slice(0, limit - listed.length), (item) =>
            listedDrill(table, indexed(item)),
          )),
        );
        if (listed.length >= limit) break;
      }
      return listed;
    },
    async idOf(target, number) {
      const receipt = await getItem(table, { pk: `TARGET#${target}`, sk: `RECEIPT#${padded(number)}` });
      return (receipt?.drillId as string | undefined) ?? openDrillOf(table, target, number);
    },
  };
}

const PAGE_SIZE = 100;
/** A list of one target looks at no more drills than this; whoever has more asks by number. */
const MOST_PAGES = 100;
const AT_ONCE = 10;

function indexed({ drillId, target, sk }: Item): IndexedDrill {
  const startedAt = sk.slice(0, sk.indexOf('#'));
  return { drillId: drillId as string, target: target as string, startedAt };
}

/** What an index tells of a drill. */
export interface IndexedDrill {
  readonly drillId: string;
  readonly target: string;
  readonly startedAt: string;
}

export async function listedDrill(
  table: Table,
  { drillId: id, target, startedAt }: IndexedDrill,
): Promise<ListedDrill> {
  const seal = await getItem(table, { pk: partition(id), sk: 'SEAL' });
  const head = {
    id,
    target,
    startedAt,
    rehearsalTimerMs: null,
    triggerToCallMs: null,
    path: null,
  };
  if (!seal) {
    return { ...head, number: await numberOf(table, id), outcome: null };
  }
  const sealed = JSON.parse(seal.sealed as string) as Receipt | DrillRecord;
  const { number, outcome } = sealed;
  if (sealed.number === null) return { ...head, number, outcome };
  const { figures, humanWaitMs, marks, path } = sealed;
  return {
    ...head,
    number,
    outcome,
    rehearsalTimerMs: figures.rehearsalTimerMs,
    triggerToCallMs: triggerToCallMs(marks, path.used, humanWaitMs),
    path: path.used,
  };
}

/** Locks keep the open drills few. */
async function openDrillOf(table: Table, target: string, number: number): Promise<string | undefined> {
  for (const { sk: id } of await queryAll(table, OPEN_DRILLS)) {
    if ((await numberOf(table, id)) !== number) continue;
    const head = await getItem(table, { pk: partition(id), sk: 'DRILL' });
    if ((head?.opened as { target?: string } | undefined)?.target === target) return id;
  }
  return undefined;
}

async function numberOf(table: Table, drillId: string): Promise<number | null> {
  const item = await getItem(table, { pk: partition(drillId), sk: 'NUMBER' });
  return (item?.number as number | undefined) ?? null;
}

export async function inBatches<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(run))));
  }
  return results;
}

function padded(number: number): string {
  return String(number).padStart(3, '0');
}
