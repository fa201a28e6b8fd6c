import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateDocumentCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as clients from '../../lib/adapters/aws/clients.ts';
import * as guardrails from '../../lib/adapters/aws/wiring/guardrails.ts';
import { channels } from '../../lib/adapters/aws/wiring/people.ts';
import type { Alarm } from '../../lib/drill/guardrails/surroundings.ts';
import type { CalendarState } from '../../lib/drill/guardrails/time.ts';
import type { Alarms, Calendars, Channels, Images, SafetySwitch } from '../../lib/ports/guardrails.ts';
import { startGateway } from '../../sandbox/aws/gateway.ts';
import { startCloudWatch } from '../../sandbox/cloudwatch/service.ts';
import { startEcr } from '../../sandbox/ecr/service.ts';
import { shopImages } from '../../sandbox/shop/images.ts';
import { startSns } from '../../sandbox/sns/service.ts';
import { startSsm } from '../../sandbox/ssm/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { calmSurroundings } from '../fixtures/memory/surroundings.ts';
import { planWith } from '../fixtures/plan.ts';

/** What guardrails read, and hands that set it as somebody else would. */
interface Surroundings {
  readonly safetySwitch: SafetySwitch;
  readonly alarms: Alarms;
  readonly calendars: Calendars;
  readonly images: Images;
  readonly channels: Channels;
  write(value: string): Promise<void>;
  alarm(name: string, state: Alarm['state']): Promise<void>;
  calendar(name: string, state: CalendarState['state']): Promise<void>;
  removeHealthyImage(): Promise<void>;
  subscribe(): Promise<void>;
  close(): Promise<void>;
}

const SHOP = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop';
const HEALTHY = { image: `${SHOP}:healthy`, digest: null };

describe.each([
  ['AWS', onAws],
  ['memory', inMemory],
])('what is around a drill: %s', (_, open) => {
  let around: Surroundings;

  beforeEach(async () => {
    around = await open();
  });

  afterEach(() => around.close());

  test('a safety switch that nobody has set is missing, not off', async () => {
    expect(await around.safetySwitch.read()).toEqual({ kind: 'missing' });
    await around.safetySwitch.set({ kind: 'on', reason: 'incident' });
    expect(await around.safetySwitch.read()).toEqual({ kind: 'on', reason: 'incident' });
    await around.safetySwitch.set({ kind: 'off' });
    expect(await around.safetySwitch.read()).toEqual({ kind: 'off' });
  });

  test('a safety switch with another value is not taken for off', async () => {
    await around.write('offf');
    expect(await around.safetySwitch.read()).toEqual({ kind: 'unknown', value: 'offf' });
  });

  test('an alarm that is not there is not told as one that is OK', async () => {
    await around.alarm('errors', 'OK');
    await around.alarm('latency', 'ALARM');
    await around.alarm('unrelated', 'ALARM');
    const names = ['latency', ...Array.from({ length: 130 }, (_, index) => `absent-${index}`), 'errors'];
    const found = await around.alarms.states(names);
    expect(found.map(({ name, state }) => [name, state]).toSorted()).toEqual([
      ['errors', 'OK'],
      ['latency', 'ALARM'],
    ]);
  });

  test('a change calendar that is not there has no state', async () => {
    await expect(around.calendars('absent')).rejects.toThrow();
    await around.calendar('ops', 'OPEN');
    await around.calendar('bank', 'CLOSED');
    expect(await around.calendars('ops')).toMatchObject({ name: 'ops', state: 'OPEN' });
    expect(await around.calendars('bank')).toMatchObject({ name: 'bank', state: 'CLOSED' });
  });

  test('an image is there until somebody takes it away', async () => {
    const found = await around.images(HEALTHY);
    expect(found).toMatchObject({ kind: 'there', digest: expect.stringMatching(/^sha256:/) });
    await around.removeHealthyImage();
    expect(await around.images(HEALTHY)).toMatchObject({ kind: 'missing' });
  });

  test('a topic without subscriptions reaches nobody', async () => {
    const plan = planWith();
    expect(await around.channels(plan)).toMatchObject({ confirmed: 0 });
    await around.subscribe();
    expect(await around.channels(plan)).toMatchObject({ confirmed: 1 });
  });
});

async function inMemory(): Promise<Surroundings> {
  const around = calmSurroundings();
  around.safetySwitch = { kind: 'missing' };
  around.channel = { confirmed: 0, pending: 0 };
  return {
    ...around.ports,
    async write(value) {
      around.safetySwitch = { kind: 'unknown', value };
    },
    alarm: async (name, state) => void around.alarms.set(name, state),
    calendar: async (name, state) => void around.calendars.set(name, state),
    removeHealthyImage: async () =>
      void around.images.set(HEALTHY.image, { kind: 'missing', reason: 'gone' }),
    async subscribe() {
      around.channel = { confirmed: 1, pending: 0 };
    },
    close: async () => {},
  };
}

async function onAws(): Promise<Surroundings> {
  const directory = await mkdtemp(join(tmpdir(), 'surroundings-'));
  const at = (name: string) => join(directory, name);
  const outboxFile = at('outbox.jsonl');
  const gateway = await startGateway({
    ecr: startEcr({ repositories: shopImages() }).endpoint,
    monitoring: startCloudWatch({ directory: at('cloudwatch'), emit: () => {} }).endpoint,
    sns: startSns({ directory: at('sns'), outboxFile, deliver: async () => {} }).endpoint,
    ssm: startSsm({ directory: at('ssm') }).endpoint,
  });
  for (const [name, value] of Object.entries(environmentFor(gateway.url))) vi.stubEnv(name, value);
  const [ssm, sns, cloudWatch] = [clients.ssm(), clients.sns(), clients.cloudWatch()];
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'drills' }));
  for (const name of ['TABLE_NAME', 'BUCKET_NAME']) vi.stubEnv(name, 'unused');
  vi.stubEnv('TOPIC_ARN', TopicArn);
  return {
    safetySwitch: guardrails.safetySwitch(),
    alarms: guardrails.alarms(),
    calendars: guardrails.calendars(),
    images: guardrails.images(),
    channels: channels(),
    async write(Value) {
      const Name = '/rollback-drills/safety-switch';
      await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value, Overwrite: true }));
    },
    async alarm(AlarmName, StateValue) {
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'Shop',
          MetricName: 'Errors',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 5,
          ComparisonOperator: 'GreaterThanThreshold',
          TreatMissingData: 'ignore',
        }),
      );
      await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
    },
    async calendar(Name, state) {
      const type = state === 'OPEN' ? 'DEFAULT_OPEN' : 'DEFAULT_CLOSED';
      const Content = `BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:${type}\r\nEND:VCALENDAR`;
      await ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'ChangeCalendar' }));
    },
    async removeHealthyImage() {
      const ecr = clients.ecr('us-east-1');
      await ecr.send(
        new BatchDeleteImageCommand({ repositoryName: 'shop', imageIds: [{ imageTag: 'healthy' }] }),
      );
      ecr.destroy();
    },
    async subscribe() {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'on-call@example.com' }));
    },
    async close() {
      for (const client of [ssm, sns, cloudWatch]) client.destroy();
      await gateway.close();
      await rm(directory, { recursive: true, force: true });
      vi.unstubAllEnvs();
    },
  };
}
