import { join } from 'node:path';
import { REGION, SECRET_ACCESS_KEY } from './aws/account.ts';
import { startGateway } from './aws/gateway.ts';
import { startDynamoDb } from './dynamodb/service.ts';
import { startS3 } from './s3/service.ts';
import { startSsm } from './ssm/service.ts';

export interface Stores {
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Only what is stored: tables, objects and parameters of a sandbox that is not up. */
export async function startStores({ directory }: { directory: string }): Promise<Stores> {
  const dynamo = await startDynamoDb({ directory: join(directory, 'dynamodb') });
  const s3 = startS3({ directory: join(directory, 's3') });
  const ssm = startSsm({ directory: join(directory, 'ssm') });
  const gateway = await startGateway({
    dynamodb: dynamo.endpoint,
    s3: s3.endpoint,
    ssm: ssm.endpoint,
  });
  return {
    environment: environmentFor(gateway.url),
    async close() {
      await gateway.close();
      await Promise.all([dynamo.close(), s3.close()]);
    },
  };
}

/** What any AWS client needs in its environment to talk to the sandbox. */
export function environmentFor(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  };
}
