import { join } from 'node:path';
import type { Endpoint } from '../aws/protocol.ts';
import { bucketsIn } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import type { S3 } from './operation.ts';
import { respond, respondWithError } from './reply.ts';
import { parseRequest } from './request.ts';
import { operationFor } from './routes.ts';

export interface S3Service {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

/**
 * S3 on disk, addressed by path. What a client was told is stored survives SIGKILL; a put that was not acknowledged is
 * there whole or not at all. `now` is in epoch milliseconds and decides when retention and presigned URLs end.
 */
export function startS3(options: { directory: string; now?: () => number }): S3Service {
  const s3: S3 = { buckets: bucketsIn(join(options.directory, 's3')), now: options.now ?? Date.now };
  return { endpoint: async (request) => answer(s3, request), close: async () => {} };
}

function answer(s3: S3, request: Parameters<Endpoint>[0]) {
  try {
    const parsed = parseRequest(request, s3.now());
    return respond(operationFor(parsed)(s3, parsed));
  } catch (cause) {
    return respondWithError(cause instanceof S3Error ? cause : internalError(cause), request.path);
  }
}

function internalError(cause: unknown): S3Error {
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new S3Error('InternalError', { message });
}
