import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { type Head, NO_RECEIPTS } from '../../drill/seal.ts';
import { dynamo, s3 } from './clients.ts';
import { readEnvironment } from './environment.ts';
import { getItem, type Table } from './table.ts';

/** The receipts of a target as they lie in the bucket, and where its chain ends, which the table knows. */
export interface ReceiptArchive {
  /** In the order of their numbers, at most `most` and one more, so that it shows when there are others. */
  keys(target: string, most: number): Promise<readonly string[]>;
  text(key: string): Promise<string>;
  head(target: string): Promise<Head>;
}

/** The archive in the bucket that this process's environment names. */
export function receiptArchive(): ReceiptArchive {
  const { TABLE_NAME, BUCKET_NAME } = readEnvironment(process.env);
  return archiveIn({ dynamo: dynamo(), name: TABLE_NAME }, s3(), BUCKET_NAME);
}

function archiveIn(table: Table, client: S3Client, Bucket: string): ReceiptArchive {
  return {
    async keys(target, most) {
      const found: string[] = [];
      const prefix = `receipts/${target}/`;
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
        const keys = Contents.map(({ Key = '' }) => Key);
        found.push(...keys.filter((key) => NUMBERED.test(key.slice(prefix.length))));
        if (found.length > most) break;
      }
      return found.toSorted((a, b) => numberIn(a) - numberIn(b)).slice(0, most + 1);
    },
    async text(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    async head(target) {
      const item = await getItem(table, { pk: `TARGET#${target}`, sk: 'HEAD' });
      return (item?.head as Head | undefined) ?? NO_RECEIPTS;
    },
  };
}

/** Beside each receipt lie its steps. */
const NUMBERED = /^\d+\.json$/;

function numberIn(key: string): number {
  return Number(/(\d+)\.json$/.exec(key)?.[1]);
}
