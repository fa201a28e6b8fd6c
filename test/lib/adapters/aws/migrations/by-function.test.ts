import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsMigrations } from '../../../../../lib/adapters/aws/migrations/migrations.ts';
import { systemClock as clock } from '../../../../../lib/adapters/clock.ts';
import type { Migrations } from '../../../../../lib/ports/target.ts';
import { type Lambda, startLambda } from '../../../../../sandbox/lambda/service.ts';
import { type Served, serve } from '../../../../sandbox/fixtures/served.ts';

const RUN = { drillId: 'drill-1', round: 2 };
const { signal } = new AbortController();
const DIRECTORY = fileURLToPath(new URL('../../../../sandbox/lambda/fixtures/everything', import.meta.url));

let lambda: Lambda;
let served: Served;
let migrations: Migrations;

beforeAll(async () => {
  const limits = { timeoutSeconds: 20, memoryMb: 128, environment: {} };
  served = await serve((directory) => {
    lambda = startLambda({
      functions: [{ name: 'undo', directory: DIRECTORY, handler: 'index.handler', ...limits }],
      logDirectory: join(directory, 'logs'),
    });
    return { lambda: lambda.endpoint };
  });
  migrations = awsMigrations({
    ecs: new ECSClient(served.configuration),
    lambda: new LambdaClient(served.configuration),
    clock,
  });
});
afterAll(async () => {
  await lambda.close();
  await served.close();
});

function asked(payload: Readonly<Record<string, unknown>>, functionName = 'undo') {
  return { kind: 'lambda' as const, functionName, payload };
}

test('a function that throws has undone nothing, and what it threw is told in one line', async () => {
  const undo = asked({ do: 'throw', name: 'UndoFailed', message: 'no such\ncolumn' });
  expect(await migrations.undo(undo, RUN, signal)).toEqual({
    result: 'failed',
    reason: expect.stringMatching(/^undo broke after \d+ ms: UndoFailed: no such column$/),
  });
});

test('a function that dies has undone nothing', async () => {
  expect(await migrations.undo(asked({ do: 'exit', code: 3 }), RUN, signal)).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('Runtime.ExitError'),
  });
});

test('a function that is not there is not asked for again', async () => {
  expect(await migrations.undo(asked({}, 'absent'), RUN, signal)).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('Lambda did not invoke absent: ResourceNotFoundException'),
  });
});

test('a Lambda that cannot be reached may be asked again: it is not known whether the function ran', async () => {
  const nowhere = { ...served.configuration, endpoint: 'http://127.0.0.1:9' };
  const ecs = new ECSClient(nowhere);
  const unreachable = awsMigrations({ ecs, lambda: new LambdaClient(nowhere), clock });
  await expect(unreachable.undo(asked({}), RUN, signal)).rejects.toMatchObject({ name: 'TransientFault' });
});

test('the function is told the drill and the rollback, whatever the plan gives it besides; its answer is told to nobody', async () => {
  const undo = asked({ do: 'say', words: 'the password is swordfish' });
  expect(await migrations.undo(undo, RUN, signal)).toEqual({
    result: 'undone',
    reason: expect.stringMatching(/^undo answered after \d+ ms$/),
  });
  expect(migrations.undoCommand(asked({ schema: "o'rders" }), RUN)).toBe(
    `aws lambda invoke --function-name undo --cli-binary-format raw-in-base64-out --payload '{"schema":"o'\\''rders","drillId":"drill-1","round":2,"reason":"rollback-drill"}' undo-migration.json`,
  );
});

test('a function that is not there is not ready; nothing is invoked to find out', async () => {
  expect(await migrations.readiness(asked({}, 'absent'))).toEqual({
    isReady: false,
    reason: 'the function absent is not there. Create it, or correct the plan.',
  });
  expect(await migrations.readiness(asked({ do: 'exit' }))).toEqual({
    isReady: true,
    reason: 'the function undo is Active, allowed is Active',
  });
});
