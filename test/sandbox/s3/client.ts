import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startS3 } from '../../../sandbox/s3/service.ts';

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** An unmodified client in front of S3 on a directory of its own; the clock can be moved and S3 be started again. */
export async function startStage() {
  const directory = await mkdtemp(join(tmpdir(), 's3-'));
  const clock = { aheadMs: 0 };
  const start = async () => {
    const { endpoint } = startS3({ directory, now: () => Date.now() + clock.aheadMs });
    const gateway = await startGateway({ s3: endpoint });
    const client = new S3Client({
      endpoint: gateway.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    });
    return { gateway, client };
  };
  let running = await start();
  const stop = async () => {
    running.client.destroy();
    await running.gateway.close();
  };
  return {
    directory,
    clock,
    get client() {
      return running.client;
    },
    get url() {
      return running.gateway.url;
    },
    restart: async () => {
      await stop();
      running = await start();
    },
    end: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function failureOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => undefined,
    (error: unknown) => error,
  );
}
