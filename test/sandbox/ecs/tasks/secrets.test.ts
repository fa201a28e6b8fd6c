import { expect, test } from 'vitest';
import { createService, openAccount, register, tasks, until } from '../fixtures/account.ts';

test('a task whose secret is not there never starts, and says which one', async () => {
  await using account = await openAccount();
  const { client, truth } = account;
  const valueFrom = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:payment-AbCdEf';
  await register(client, 'well-1', { secrets: [{ name: 'PAYMENT_KEY', valueFrom }] });
  await createService(client);
  const [stopped] = await until(
    () => tasks(client, 'STOPPED'),
    (found) => found.length > 0,
  );
  expect(stopped).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(
      `^ResourceInitializationError: unable to pull secrets .*${valueFrom}: not found`,
    ),
  });
  expect(truth.map(({ event }) => event)).not.toContain('task-started');
});
