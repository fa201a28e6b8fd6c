import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { snsAnnouncer } from '../../../../lib/adapters/aws/announcer.ts';
import { type Gateway, startGateway } from '../../../../sandbox/aws/gateway.ts';
import { startSns } from '../../../../sandbox/sns/service.ts';
import { planWith } from '../../../fixtures/plan.ts';
import { HOSTILE } from '../../report/fixtures/hostile.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:drills';

let directory: string;
let gateway: Gateway;
let client: SNSClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'announcer-'));
  const outboxFile = join(directory, 'outbox.jsonl');
  const { endpoint } = startSns({ directory, outboxFile, deliver: async () => {} });
  gateway = await startGateway({ sns: endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new SNSClient({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await client.send(new CreateTopicCommand({ Name: 'drills' }));
});

afterEach(async () => {
  client.destroy();
  await gateway.close();
  rmSync(directory, { recursive: true });
});

async function announced(subject: string, message: string) {
  await snsAnnouncer(client, TOPIC).announce(planWith(), subject, message);
  const lines = readFileSync(join(directory, 'published.jsonl'), 'utf8').trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '') as { subject: string; message: string };
}

test('nobody stays unpaged because of what stands in a page, and it moves no cursor', async () => {
  for (const text of Object.values(HOSTILE)) {
    const { subject, message } = await announced(`NOT RESTORED: ${text}`, text);
    expect(subject).toMatch(/^NOT RESTORED: [\x20-\x7e]{0,86}$/);
    expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(message.length).toBeLessThanOrEqual(60_001);
  }
});

test('what a person is to do stands on lines of its own', async () => {
  const message = 'Bring it back by hand:\naws ecs update-service --cluster "demo" --service shop';
  expect(await announced('NOT RESTORED: ecs:demo/shop', message)).toMatchObject({
    subject: 'NOT RESTORED: ecs:demo/shop',
    message,
  });
});
