import assert from 'node:assert/strict';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { verify } from '../../lib/drill/verify.ts';
import { until } from './command.ts';
import type { Deployed } from './deployed.ts';
import { archivedReceipts, startDrill } from './drill.ts';
import { check } from './proof.ts';
import { isRestored, knownBadMet } from './shop.ts';
import { STACK } from './stack.ts';

const SEALED_WITHIN_MS = 120_000;
const REMOVED_WITHIN_MS = 240_000;

/** Somebody removes the stack while users meet the bad release. */
export async function proveRemovedStack({ url, aws, outputs, sandbox }: Deployed): Promise<void> {
  const startedAt = Date.now();
  const { name } = await startDrill(aws.sfn, outputs, 'shop');
  await knownBadMet(sandbox, startedAt);
  const removed = removeStack(url);
  // MiniStack does not know of resources that are retained.
  const receipt = await until('the receipt of the drill', SEALED_WITHIN_MS, async () =>
    (await archivedReceipts(aws.s3, outputs)).find(({ id }) => id === name),
  );
  const stack = await cloudFormation(url, 'DescribeStacks');
  await removed;
  await check(
    'a stack that is removed during a drill goes when the target is back and the drill sealed',
    async () => {
      assert.equal(receipt.outcome, 'aborted', receipt.reasons.join('; '));
      assert.deepEqual(verify([receipt]), []);
      assert.match(stack, /DELETE_IN_PROGRESS/);
      assert.match(receipt.reasons.join('; '), /what drills run on is being removed/);
      await isRestored(sandbox, receipt);
    },
  );
  await check('it leaves no function behind', async () => {
    const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand());
    assert.deepEqual(
      Functions.filter(({ FunctionName = '' }) => FunctionName.startsWith(STACK)),
      [],
    );
  });
}

/** Not by the CDK command, which gives up: MiniStack answers DeleteStack before it says that the stack is being deleted. */
async function removeStack(url: string): Promise<void> {
  await cloudFormation(url, 'DeleteStack');
  await until('the end of the stack', REMOVED_WITHIN_MS, async () =>
    (await cloudFormation(url, 'DescribeStacks')).includes('does not exist') ? true : undefined,
  );
}

/** MiniStack reads of a signature which Region and service it is for. */
const SIGNED = 'AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/cloudformation/aws4_request';

async function cloudFormation(url: string, Action: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: SIGNED },
    body: new URLSearchParams({ Action, StackName: STACK, Version: '2010-05-15' }),
    signal: AbortSignal.timeout(10_000),
  });
  return answer.text();
}
