import * as v from 'valibot';
import type { DrillRecord } from '../../drill/record.ts';
import type { Receipt } from '../../drill/seal.ts';
import type { Production } from '../../drill/statistics/production.ts';
import { noStatistics, Statistics, statisticsAfter } from '../../drill/statistics/statistics.ts';
import type { Page, PageAsked } from '../../ports/receipts.ts';
import type { KeptStatistics, StatisticsStore } from '../../ports/statistics.ts';
import { countProduction } from './production.ts';
import { getItem, queryAll, queryPage, type Table, transact, type Write } from './table.ts';

/** All items lie in one partition: a target has one, and all of them are one query. */
const STATISTICS = 'STATISTICS';

export function dynamoStatistics(table: Table): StatisticsStore {
  return {
    read: async (target) => keptIn(target, await itemOf(table, target)),
    async targets() {
      return (await queryAll(table, STATISTICS)).map(({ sk }) => sk);
    },
    page: (asked) => page(table, asked),
    count: (target, event) => countProduction(table, keyOf(target), target, event),
    async replace(seen, statistics) {
      const item = await itemOf(table, seen.target);
      if (keptIn(seen.target, item).version !== seen.version) return false;
      return (await transact(table, [replaced(table, seen, item, statistics)])) === undefined;
    },
  };
}

/** With a receipt more. Whoever else has changed the statistics of receipts since they were read makes it fail. */
export async function withReceipt(table: Table, receipt: Receipt): Promise<Write> {
  const item = await itemOf(table, receipt.target);
  const before = parsed(item.statistics) ?? noStatistics(receipt.target);
  const version = versionIn(item);
  const Update = {
    TableName: table.name,
    Key: keyOf(receipt.target),
    UpdateExpression: 'SET #statistics = :statistics, #version = :next',
    ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
    ExpressionAttributeNames: { '#statistics': 'statistics', '#version': 'version' },
    ExpressionAttributeValues: {
      ':statistics': JSON.stringify(statisticsAfter(before, receipt)),
      ':next': version + 1,
      ...(version === 0 ? {} : { ':version': version }),
    },
  };
  return { action: { Update }, meaning: 'the statistics have changed' };
}

/** With a record more, beside the statistics of receipts: hundreds of drills may be refused at once, and wait for nobody. */
export function withRecord(table: Table, { target, outcome }: DrillRecord): Write {
  const Update = {
    TableName: table.name,
    Key: keyOf(target),
    UpdateExpression: 'ADD #count :one',
    ExpressionAttributeNames: { '#count': RECORDED[outcome] },
    ExpressionAttributeValues: { ':one': 1 },
  };
  return { action: { Update }, meaning: 'no condition' };
}

const RECORDED = { refused: 'recordedRefused', aborted: 'recordedAborted' } as const;

type StoredItem = Readonly<Record<string, unknown>>;

/** One item, however many drills. */
async function itemOf(table: Table, target: string): Promise<StoredItem> {
  return (await getItem(table, keyOf(target))) ?? {};
}

function keptIn(target: string, item: StoredItem): KeptStatistics {
  const [refused, aborted] = recordedIn(item);
  const statistics = parsed(item.statistics);
  return {
    target,
    statistics:
      statistics === null && refused + aborted === 0
        ? null
        : withRecorded(statistics ?? noStatistics(target), refused, aborted),
    version: versionIn(item) + refused + aborted,
    production: productionIn(item),
  };
}

function withRecorded(statistics: Statistics, refused: number, aborted: number): Statistics {
  const { outcomes } = statistics;
  return {
    ...statistics,
    outcomes: { ...outcomes, refused: outcomes.refused + refused, aborted: outcomes.aborted + aborted },
  };
}

function versionIn(item: StoredItem): number {
  return (item.version as number | undefined) ?? 0;
}

function recordedIn(item: StoredItem): readonly [refused: number, aborted: number] {
  const countIn = (name: string) => (item[name] as number | undefined) ?? 0;
  return [countIn(RECORDED.refused), countIn(RECORDED.aborted)];
}

async function page(table: Table, asked: PageAsked): Promise<Page<KeptStatistics>> {
  const { items, next } = await queryPage(table, STATISTICS, asked);
  return { items: items.map((item) => keptIn(item.sk, item)), next };
}

/** In the place of all that was counted, as long as the item is what it was. */
function replaced(table: Table, seen: KeptStatistics, item: StoredItem, statistics: Statistics): Write {
  const names = ['version', RECORDED.refused, RECORDED.aborted];
  const unchanged = names.map((name) =>
    item[name] === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`,
  );
  const known = names.filter((name) => item[name] !== undefined);
  const Update = {
    TableName: table.name,
    Key: keyOf(seen.target),
    UpdateExpression: `SET #statistics = :statistics, version = :next REMOVE ${RECORDED.refused}, ${RECORDED.aborted}`,
    ConditionExpression: unchanged.join(' AND '),
    ExpressionAttributeNames: { '#statistics': 'statistics' },
    ExpressionAttributeValues: {
      ':statistics': JSON.stringify(statistics),
      ':next': seen.version + 1,
      ...Object.fromEntries(known.map((name) => [`:${name}`, item[name]])),
    },
  };
  return { action: { Update }, meaning: 'the statistics have changed' };
}

/** What is no whole statistics is none: they begin anew, and say themselves that receipts are missing in them. */
function parsed(stored: unknown): Statistics | null {
  if (typeof stored !== 'string') return null;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Statistics), stored);
  return read.success ? read.output : null;
}

function productionIn(item: StoredItem): Production {
  const { deployments = 0, realRollbacks = 0, countedSince = null } = item as Partial<Production>;
  return { deployments, realRollbacks, countedSince };
}

function keyOf(target: string): { pk: string; sk: string } {
  return { pk: STATISTICS, sk: target };
}
