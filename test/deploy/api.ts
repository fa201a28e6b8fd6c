import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Receipt } from '../../lib/drill/seal.ts';
import type { Deployed } from './deployed.ts';
import { check } from './proof.ts';
import { STACK } from './stack.ts';

const LIMIT_MS = 30_000;
const READER = 'arn:aws:sts::000000000000:assumed-role/readers/ada';

/**
 * MiniStack leads requests from the HTTP API's routes to the function, and does not know who has signed them; so what the
 * function tells to somebody who has is asked of it as API Gateway would ask.
 */
export async function proveApi(deployed: Deployed, receipt: Receipt | undefined): Promise<void> {
  await check('the deployed HTTP API tells nothing to a caller that IAM has not named', async () => {
    const answer = await unsigned(deployed, '/targets');
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [403, 'application/problem+json']);
  });
  await check('to one that it has named, the receipt as it was sealed', async () => {
    const { status, body } = await asReader(deployed, `/drills/${receipt?.id}/receipt`);
    assert.deepEqual([status, body], [200, receipt]);
  });
  await check('and the statistics of the target', async () => {
    const { status, body } = await asReader(deployed, `/targets/${receipt?.target}/statistics`);
    const { outcomes } = body as { readonly outcomes: Readonly<Record<string, number>> };
    assert.deepEqual([status, outcomes.passed, outcomes.rescued], [200, 1, 1]);
  });
}

function unsigned({ url, outputs }: Deployed, path: string): Promise<Response> {
  const [id] = new URL(outputs.ApiUrl).hostname.split('.');
  const asked = `${url}/_aws/execute-api/${id}/$default${path}`;
  return fetch(asked, { signal: AbortSignal.timeout(LIMIT_MS) });
}

async function asReader(
  { aws }: Deployed,
  rawPath: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const http = { method: 'GET', path: rawPath };
  const authorizer = { iam: { userArn: READER } };
  const requestContext = { requestId: randomUUID(), http, authorizer };
  const Payload = JSON.stringify({
    version: '2.0',
    rawPath,
    rawQueryString: '',
    headers: {},
    requestContext,
  });
  const invoked = await aws.lambda.send(new InvokeCommand({ FunctionName: `${STACK}-Api`, Payload }));
  const { statusCode, body } = JSON.parse(invoked.Payload?.transformToString() ?? '{}') as {
    readonly statusCode: number;
    readonly body: string;
  };
  return { status: statusCode, body: JSON.parse(body) };
}
