import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoStatistics } from '../../lib/adapters/aws/statistics.ts';
import type { Table } from '../../lib/adapters/aws/table.ts';
import { statisticsOf } from '../../lib/steps/answers/statistics.ts';
import { startGateway } from '../../sandbox/aws/gateway.ts';
import { startDynamoDb } from '../../sandbox/dynamodb/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { seed, TARGET } from './seeded-drills.ts';

/*
 * What is known of a target, asked of two stores that hold 10 and 100,000 drills: the same request, in turns, so that whatever
 * else the machine does slows both down alike. `npm run bench:answers [-- DRILLS]`; exit 1 when the ratio is over the limit.
 */

const FEW = 10;
const MANY = Number(process.argv[2] ?? 100_000);
const WARM_UPS = 50;
const ROUNDS = 500;
const MOST_RATIO = 1.2;

const AS_OF = Date.parse('2026-11-03T10:00:00.000Z');

interface Store {
  readonly table: Table;
  close(): Promise<void>;
}

const [few, many] = [await stored(FEW), await stored(MANY)];
try {
  process.exitCode = await compare(few.table, many.table);
} finally {
  await Promise.all([few.close(), many.close()]);
}

async function compare(a: Table, b: Table): Promise<number> {
  const times: [few: number[], many: number[]] = [[], []];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? 0 : 1;
    for (const which of [first, 1 - first] as const) {
      const ms = await timed(which === 0 ? a : b);
      if (round >= 0) times[which === 0 ? 0 : 1].push(ms);
    }
  }
  const [ofFew, ofMany] = [median(times[0]), median(times[1])];
  const ratio = ofMany / ofFew;
  const isGood = ratio <= MOST_RATIO;
  console.log(`median of ${ROUNDS} answers, asked in turns:`);
  console.log(`  ${FEW.toLocaleString('en').padStart(9)} drills  ${ofFew.toFixed(3)} ms`);
  console.log(`  ${MANY.toLocaleString('en').padStart(9)} drills  ${ofMany.toFixed(3)} ms`);
  console.log(`ratio ${ratio.toFixed(3)} ${isGood ? '≤' : '>'} ${MOST_RATIO}: ${isGood ? 'ok' : 'too slow'}`);
  return isGood ? 0 : 1;
}

async function timed(table: Table): Promise<number> {
  const pathNow = async () => undefined;
  const from = performance.now();
  const answer = await statisticsOf(
    { statistics: dynamoStatistics(table), pathNow },
    { target: TARGET, asOf: AS_OF },
  );
  const ms = performance.now() - from;
  if (!answer || answer.frequency.drills === 0) throw new Error('the store was not seeded');
  return ms;
}

async function stored(drills: number): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const dynamodb = await startDynamoDb({ directory });
  const gateway = await startGateway({ dynamodb: dynamodb.endpoint });
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = environmentFor(gateway.url);
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  const table = { dynamo, name: 'drills' };
  const from = performance.now();
  await seed(table, drills);
  console.log(
    `seeded ${drills.toLocaleString('en')} drills in ${((performance.now() - from) / 1_000).toFixed(1)} s`,
  );
  return {
    table,
    async close() {
      dynamo.destroy();
      await gateway.close();
      await dynamodb.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
