import type { Buckets } from './bucket-store.ts';
import type { Reply } from './reply.ts';
import type { S3Request } from './request.ts';

/** What an operation works on. `now` is in epoch milliseconds. */
export interface S3 {
  readonly buckets: Buckets;
  readonly now: () => number;
}

export type Operation = (s3: S3, request: S3Request) => Reply;
