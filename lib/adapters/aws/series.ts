import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Sample } from '../../drill/witness/sample.ts';
import type { Series } from '../../ports/witness.ts';
import { putOnce } from './receipts.ts';

/** One object of JSON lines per chunk. A chunk that is there belongs to another writer, and the one that comes second must stop. */
export function s3Series(s3: S3Client, bucket: string): Series {
  return {
    async write(drillId, chunk, samples) {
      const body = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
      const key = `${prefix(drillId)}${String(chunk).padStart(6, '0')}.jsonl`;
      if ((await putOnce(s3, bucket, key, body, 'application/jsonl')) === 'there')
        throw new SeriesTaken(`chunk ${key} was written by another witness`);
    },
    async read(drillId) {
      const keys = await list(s3, bucket, prefix(drillId));
      const chunks = await Promise.all(keys.map((key) => read(s3, bucket, key)));
      return { samples: chunks.flat(), keys };
    },
  };
}

class SeriesTaken extends Error {
  override readonly name = 'SeriesTaken';
}

function prefix(drillId: string): string {
  return `series/${drillId}/`;
}

async function list(s3: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...(page.Contents ?? []).map((object) => object.Key ?? ''));
  }
  return keys.toSorted();
}

async function read(s3: S3Client, bucket: string, key: string): Promise<readonly Sample[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const text = (await Body?.transformToString()) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sample);
}
