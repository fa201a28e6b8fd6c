import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Production } from '../../drill/statistics/production.ts';
import { Statistics } from '../../drill/statistics/statistics.ts';
import type { KeptStatistics, Page, PageAsked, StatisticsStore } from '../../ports.ts';
import { put, queryAll, queryPage, type Table, transact, type Write } from './table.ts';

/** All items lie in one partition: a target has one, and all of them are one query. */
const STATISTICS = 'STATISTICS';

/** An event that comes again later than this is counted again; EventBridge gives up after 24 hours. */
const REMEMBERED_SECONDS = 7 * 86_400;

export function dynamoStatistics(table: Table): StatisticsStore {
  return {
    read: (target) => readStatistics(table, target),
    async targets() {
      return (await queryAll(table, STATISTICS)).map(({ sk }) => sk);
    },
    page: (asked) => page(table, asked),
    async count(target, { id, counts, at, settles = [] }) {
      const key = (of: string) => ({ pk: `PRODUCTION#${target}`, sk: of });
      const removeAt = Math.floor(Date.parse(at) / 1_000) + REMEMBERED_SECONDS;
      const refused = await transact(table, [
        put(table, { ...key(`${counts}#${id}`), removeAt }, 'counted before'),
        ...settles.map((other) => settled(table, { ...key(`deployment#${other}`), removeAt })),
        counted(table, target, counts, at),
      ]);
      return refused === undefined;
    },
    async replace(seen, statistics) {
      return (await transact(table, [statisticsWrite(table, seen, statistics)])) === undefined;
    },
  };
}

/** One item, however many drills. */
export async function readStatistics(table: Table, target: string): Promise<KeptStatistics> {
  const { Item = {} } = await table.dynamo.send(
    new GetCommand({ TableName: table.name, Key: keyOf(target), ConsistentRead: true }),
  );
  return keptIn(target, Item);
}

function keptIn(target: string, item: Readonly<Record<string, unknown>>): KeptStatistics {
  return {
    target,
    statistics: parsed(item.statistics),
    version: (item.version as number | undefined) ?? 0,
    production: productionIn(item),
  };
}

async function page(table: Table, asked: PageAsked): Promise<Page<KeptStatistics>> {
  const { items, next } = await queryPage(table, STATISTICS, asked);
  return { items: items.map((item) => keptIn(item.sk, item)), next };
}

/** Whoever else has changed the statistics since they were read makes it fail. */
export function statisticsWrite(table: Table, seen: KeptStatistics, statistics: Statistics): Write {
  const Update = {
    TableName: table.name,
    Key: keyOf(seen.target),
    UpdateExpression: 'SET #statistics = :statistics, #version = :next',
    ConditionExpression: seen.version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
    ExpressionAttributeNames: { '#statistics': 'statistics', '#version': 'version' },
    ExpressionAttributeValues: {
      ':statistics': JSON.stringify(statistics),
      ':next': seen.version + 1,
      ...(seen.version === 0 ? {} : { ':version': seen.version }),
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

function productionIn(item: Readonly<Record<string, unknown>>): Production {
  const { deployments = 0, realRollbacks = 0, countedSince = null } = item as Partial<Production>;
  return { deployments, realRollbacks, countedSince };
}

/** Beside the statistics, and without their version: sealing and counting do not get into each other's way. */
function counted(table: Table, target: string, counts: 'deployment' | 'rollback', at: string): Write {
  const Update = {
    TableName: table.name,
    Key: keyOf(target),
    UpdateExpression: 'SET #since = if_not_exists(#since, :at) ADD #count :one',
    ExpressionAttributeNames: {
      '#since': 'countedSince',
      '#count': counts === 'rollback' ? 'realRollbacks' : 'deployments',
    },
    ExpressionAttributeValues: { ':at': at, ':one': 1 },
  };
  return { action: { Update }, meaning: 'no condition' };
}

function settled(table: Table, Item: { pk: string; sk: string; removeAt: number }): Write {
  return { action: { Put: { TableName: table.name, Item } }, meaning: 'no condition' };
}

function keyOf(target: string): { pk: string; sk: string } {
  return { pk: STATISTICS, sk: target };
}
