import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Gateway, startGateway } from '../../../sandbox/aws/gateway.ts';
import { type Scheduler, startScheduler } from '../../../sandbox/scheduler/service.ts';

const MINUTE_MS = 60_000;
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:drill';
const RoleArn = 'arn:aws:iam::000000000000:role/scheduler';
let directory: string;
let delivered: { target: string; payload: unknown; atMs: number }[];
let failuresLeft: number;
let truth: object[];
let aheadMs: number;
const now = () => Date.now() + aheadMs;
let scheduler: Scheduler;
let gateway: Gateway;
let client: SchedulerClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-scheduler-'));
  [delivered, failuresLeft, truth, aheadMs] = [[], 0, [], 0];
  await open();
  scheduler.start();
});

afterEach(async () => {
  await shut();
  rmSync(directory, { recursive: true, force: true });
});

async function open() {
  scheduler = startScheduler({
    directory,
    deliver: async (target, payload) => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error('not now');
      delivered.push({ target, payload, atMs: now() });
    },
    truth: (event, facts) => truth.push({ event, ...facts }),
    now,
    retryDelayMs: 5,
  });
  gateway = await startGateway({ scheduler: scheduler.endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new SchedulerClient({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function shut() {
  client.destroy();
  await gateway.close();
  await scheduler.close();
}

/** Whole seconds, as `at(…)` takes them. */
function at(instantMs: number): string {
  return `at(${new Date(instantMs).toISOString().slice(0, 19)})`;
}

function definition(overrides: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput {
  return {
    Name: 'drill',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: machineArn, RoleArn, Input: '{"plan":"checkout"}' },
    ...overrides,
  };
}

const create = (overrides: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand(definition(overrides)));
const get = (Name = 'drill') => client.send(new GetScheduleCommand({ Name }));
const target = (overrides: object) => ({ Target: { Arn: machineArn, RoleArn, ...overrides } });
const deliveries = (count: number) =>
  vi.waitFor(() => expect(delivered.length).toBeGreaterThanOrEqual(count), { timeout: 5000, interval: 5 });

test.each<[string, Partial<CreateScheduleCommandInput>]>([
  ['a malformed expression', { ScheduleExpression: 'rate(5 seconds)' }],
  ['a time long past', { ScheduleExpression: 'at(2020-01-01T00:00:00)' }],
  ['a day that never comes', { ScheduleExpression: 'cron(0 0 30 2 ? *)' }],
  ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }],
  ['an end before the start', { StartDate: new Date(2e12), EndDate: new Date(1.9e12) }],
  ['a name with a space', { Name: 'my drill' }],
  ['a flexible window without a size', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
  ['input that is not JSON', target({ Input: 'hello' })],
  ['more than 185 retries', target({ RetryPolicy: { MaximumRetryAttempts: 186 } })],
  ['a target without a role', target({ RoleArn: 'scheduler' })],
  ['a universal target', target({ Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution' })],
  ['ECS parameters', target({ EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:x' } })],
])('refuses %s', async (_title, overrides) => {
  await expect(create(overrides)).rejects.toMatchObject({
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  });
});

test('refuses a second schedule of the same name, but not a repeated request', async () => {
  const ClientToken = 'token';
  const first = await create({ ClientToken });
  expect(await create({ ClientToken })).toMatchObject({ ScheduleArn: first.ScheduleArn });
  await expect(create()).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'Schedule drill already exists.',
    $metadata: { httpStatusCode: 409 },
  });
});

test('refuses what names a schedule or group that does not exist', async () => {
  const notFound = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
  await expect(get('absent')).rejects.toMatchObject(notFound);
  await expect(client.send(new UpdateScheduleCommand(definition()))).rejects.toMatchObject(notFound);
  await expect(client.send(new DeleteScheduleCommand({ Name: 'absent' }))).rejects.toMatchObject(notFound);
  await expect(create({ GroupName: 'absent' })).rejects.toMatchObject(notFound);
});

test('gives up after the retries of the target, and says so', async () => {
  failuresLeft = 100;
  await create(target({ RetryPolicy: { MaximumRetryAttempts: 2 } }));
  await vi.waitFor(() => expect(truth).toHaveLength(1), 5000);
  expect(truth[0]).toMatchObject({
    event: 'scheduler.invocation-dropped',
    scheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/drill',
    attempts: 3,
    reason: 'Error: not now',
  });
});

test('does not fire while disabled, nor for what it missed then', async () => {
  await create({ ScheduleExpression: at(now() + 2 * MINUTE_MS), State: 'DISABLED' });
  aheadMs = 3 * MINUTE_MS;
  const ScheduleExpression = (await get()).ScheduleExpression;
  await client.send(new UpdateScheduleCommand(definition({ ScheduleExpression, State: 'ENABLED' })));
  await create({ Name: 'other' });
  await deliveries(1);
  expect(delivered).toMatchObject([{ payload: { plan: 'checkout' } }]);
  expect((await get()).State).toBe('ENABLED');
});

test('does not fire before it is started', async () => {
  await shut();
  await open();
  await create();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(delivered).toEqual([]);
  scheduler.start();
  await deliveries(1);
});

test('does not fire after the schedule is deleted', async () => {
  await create({ ScheduleExpression: at(now() + 2 * MINUTE_MS) });
  await client.send(new DeleteScheduleCommand({ Name: 'drill' }));
  aheadMs = 3 * MINUTE_MS;
  await create({ Name: 'other', Target: { Arn: machineArn, RoleArn, Input: '{"plan":"other"}' } });
  await deliveries(1);
  expect(delivered).toMatchObject([{ payload: { plan: 'other' } }]);
});

test('fires once at the very second, and then is gone when it says so', async () => {
  const dueMs = Math.ceil((now() + 300) / 1000) * 1000;
  await create({ ScheduleExpression: at(dueMs), ActionAfterCompletion: 'DELETE' });
  await deliveries(1);
  expect(delivered[0]).toMatchObject({ target: machineArn, payload: { plan: 'checkout' } });
  expect(delivered[0]?.atMs).toBeGreaterThanOrEqual(dueMs);
  expect(delivered[0]?.atMs).toBeLessThan(dueMs + 500);
  await vi.waitFor(() => expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' }), 5000);
});

test('fires in the time zone of the schedule', async () => {
  const inTokyo = at(now() + 9 * 60 * MINUTE_MS);
  await create({ ScheduleExpression: inTokyo, ScheduleExpressionTimezone: 'Asia/Tokyo' });
  await deliveries(1);
});

test('fires a rate at once and again after its interval, from its start date if it has one', async () => {
  await create();
  await create({ Name: 'later', StartDate: new Date(now() + MINUTE_MS) });
  await deliveries(1);
  aheadMs = 61 * MINUTE_MS;
  await client.send(new UpdateScheduleCommand(definition({ Description: 'looks at the clock again' })));
  await deliveries(2);
  expect(delivered).toHaveLength(2);
});

test('repeats an invocation that failed, and tells the target about it', async () => {
  failuresLeft = 2;
  const Input = JSON.stringify({
    arn: '<aws.scheduler.schedule-arn>',
    id: '<aws.scheduler.execution-id>',
    time: '<aws.scheduler.scheduled-time>',
    attempt: '<aws.scheduler.attempt-number>',
  });
  await create(target({ Input }));
  await deliveries(1);
  expect(delivered[0]?.payload).toEqual({
    arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/drill',
    id: expect.stringMatching(/^\S{36}$/),
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    attempt: '3',
  });
  expect(truth).toEqual([]);
});

test('sends an event when the target has no input', async () => {
  await create(target({}));
  await deliveries(1);
  expect(delivered[0]?.payload).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/drill'],
  });
});

test('remembers its schedules, and fires once what became due while it was down', async () => {
  await create({ ScheduleExpression: 'rate(5 minutes)', StartDate: new Date(now() + MINUTE_MS) });
  await create({
    Name: 'stale',
    ScheduleExpression: at(now() + 2 * MINUTE_MS),
    ...target({ Input: '{"plan":"stale"}', RetryPolicy: { MaximumEventAgeInSeconds: 60 } }),
  });
  await shut();
  aheadMs = 60 * MINUTE_MS;
  await open();
  expect(await get()).toMatchObject({ ScheduleExpression: 'rate(5 minutes)' });
  scheduler.start();
  await deliveries(1);
  expect(delivered).toMatchObject([{ payload: { plan: 'checkout' } }]);
});

test('delivers after a restart what it could not deliver before', async () => {
  failuresLeft = 1;
  await create(target({ Input: '{"id":"<aws.scheduler.execution-id>"}' }));
  await vi.waitFor(() => expect(failuresLeft).toBe(0), { timeout: 5000, interval: 1 });
  failuresLeft = 1_000_000;
  await shut();
  failuresLeft = 0;
  await open();
  scheduler.start();
  await deliveries(1);
  await shut();
  await open();
  scheduler.start();
  expect(delivered).toHaveLength(1);
});

test('shows, changes and lists schedules', async () => {
  const StartDate = new Date('2030-01-02T03:04:05Z');
  const { ScheduleArn } = await create({ StartDate, Description: 'weekly' });
  expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/drill');
  expect(await get()).toMatchObject({
    Arn: ScheduleArn,
    Name: 'drill',
    GroupName: 'default',
    State: 'ENABLED',
    StartDate,
    Description: 'weekly',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
    CreationDate: expect.any(Date),
    Target: { Arn: machineArn, RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
  });
  await client.send(new UpdateScheduleCommand(definition({ StartDate, State: 'DISABLED' })));
  const changed = await get();
  expect(changed).toMatchObject({ State: 'DISABLED', StartDate });
  expect(changed.Description).toBeUndefined();
  await create({ Name: 'another', StartDate });
  const page = await client.send(new ListSchedulesCommand({ MaxResults: 1 }));
  expect(page.Schedules).toMatchObject([{ Name: 'another', Target: { Arn: machineArn } }]);
  const { NextToken } = page;
  const rest = await client.send(new ListSchedulesCommand({ MaxResults: 1, NextToken }));
  expect(rest).toMatchObject({ Schedules: [{ Name: 'drill' }] });
  expect(rest.NextToken).toBeUndefined();
  const disabled = await client.send(new ListSchedulesCommand({ State: 'DISABLED', NamePrefix: 'dr' }));
  expect(disabled.Schedules).toMatchObject([{ Name: 'drill' }]);
});

test('keeps groups apart, and deletes one with its schedules', async () => {
  const created = await client.send(new CreateScheduleGroupCommand({ Name: 'drills' }));
  expect(created.ScheduleGroupArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule-group/drills');
  await expect(client.send(new CreateScheduleGroupCommand({ Name: 'drills' }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  const later = { StartDate: new Date(2e12) };
  await create(later);
  await create({ ...later, GroupName: 'drills', Description: 'in the group' });
  const grouped = await client.send(new GetScheduleCommand({ Name: 'drill', GroupName: 'drills' }));
  expect(grouped).toMatchObject({ GroupName: 'drills', Description: 'in the group' });
  const listed = await client.send(new ListSchedulesCommand({ GroupName: 'drills' }));
  expect(listed.Schedules).toHaveLength(1);
  expect(await client.send(new GetScheduleGroupCommand({ Name: 'drills' }))).toMatchObject({
    State: 'ACTIVE',
  });
  await client.send(new DeleteScheduleGroupCommand({ Name: 'drills' }));
  const groups = await client.send(new ListScheduleGroupsCommand({}));
  expect(groups.ScheduleGroups).toMatchObject([{ Name: 'default' }]);
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toHaveLength(1);
});
