import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fromLines, toLines } from '../../drill/witness/sample.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Series } from '../../ports/witness.ts';
import { queryAll, type Table } from './table.ts';

/** Far longer than a drill takes. The series of a sealed one is in the archive. */
const KEPT_SECONDS = 30 * 24 * 3_600;

/** One item of JSON lines per chunk. A chunk that is there belongs to another writer, and the one that comes second must stop. */
export function dynamoSeries(table: Table, clock: Pick<Clock, 'now'>): Series {
  return {
    async write(drillId, chunk, samples) {
      const lines = toLines(samples);
      const removeAt = Math.floor(clock.now() / 1_000) + KEPT_SECONDS;
      const put = new PutCommand({
        TableName: table.name,
        Item: { pk: partition(drillId), sk: String(chunk).padStart(6, '0'), lines, removeAt },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      await table.dynamo.send(put).catch((error: Error) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The answer to the same call was lost, and the client has made it again.
        if (error.Item?.lines?.S === lines) return;
        throw new SeriesTaken(`chunk ${chunk} of drill ${drillId} was written by another witness`);
      });
    },
    async read(drillId) {
      const chunks = await queryAll(table, partition(drillId));
      const last = chunks.at(-1);
      return {
        samples: chunks.flatMap(({ lines }) => fromLines(lines as string)),
        next: last ? Number(last.sk) + 1 : 0,
      };
    },
  };
}

class SeriesTaken extends Error {
  override readonly name = 'SeriesTaken';
}

function partition(drillId: string): string {
  return `SERIES#${drillId}`;
}
