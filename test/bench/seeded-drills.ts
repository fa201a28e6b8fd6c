import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoStatistics } from '../../lib/adapters/aws/statistics.ts';
import type { Item, Table } from '../../lib/adapters/aws/table.ts';
import { iso } from '../../lib/drill/clock.ts';
import { NOTHING_COUNTED } from '../../lib/drill/statistics/production.ts';
import { noStatistics, statisticsAfter } from '../../lib/drill/statistics/statistics.ts';
import { DAY_MS, FIRST_DRILL, receipt } from '../lib/drill/fixtures/told-receipts.ts';

export const TARGET = 'ecs:shop/web';

const BATCH = 25;
const AT_ONCE = 4;

/** The items that sealing leaves of so many drills, their statistics kept one by one as sealing does. */
export async function seed(table: Table, drills: number): Promise<void> {
  await createTable(table);
  let statistics = noStatistics(TARGET);
  let items: Item[] = [];
  for (let number = 1; number <= drills; number++) {
    statistics = statisticsAfter(statistics, drilled(number));
    items.push(...itemsOf(number));
    if (items.length >= BATCH * AT_ONCE || number === drills) {
      await write(table, items);
      items = [];
    }
  }
  const seen = { target: TARGET, statistics: null, version: 0, production: NOTHING_COUNTED };
  await dynamoStatistics(table).replace(seen, statistics);
}

/** Speeds and people that fill the histograms as far as real ones would. */
function drilled(number: number) {
  const speedMs = 60_000 + ((number * 7_919) % 840_000);
  return receipt({
    number,
    speedMs,
    timerMs: speedMs + 20_000,
    detectMs: 5_000 + ((number * 104_729) % 60_000),
    outcome: number % 7 === 0 ? 'failed' : 'passed',
    startedBy: `user/${number % 150}`,
    daysLater: number % 300,
  });
}

function itemsOf(number: number): readonly Item[] {
  const drillId = `drill-${number}`;
  const padded = String(number).padStart(3, '0');
  const at = iso(FIRST_DRILL + number * (DAY_MS / 1_000));
  return [
    { pk: `TARGET#${TARGET}`, sk: `RECEIPT#${padded}`, drillId, outcome: 'passed' },
    { pk: `DRILL#${drillId}`, sk: 'SEAL', sealed: `{"id":"${drillId}","number":${number}}` },
    { pk: 'DRILLS', sk: `${at}#${drillId}`, drillId, target: TARGET },
  ];
}

async function write(table: Table, items: readonly Item[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, at) =>
    items.slice(at * BATCH, (at + 1) * BATCH),
  );
  await Promise.all(
    batches.map((batch) =>
      table.dynamo.send(
        new BatchWriteCommand({
          RequestItems: { [table.name]: batch.map((Item) => ({ PutRequest: { Item } })) },
        }),
      ),
    ),
  );
}

async function createTable({ dynamo, name: TableName }: Table): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
