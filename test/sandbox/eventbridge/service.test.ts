import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Gateway, startGateway } from '../../../sandbox/aws/gateway.ts';
import { type EventBridge, startEventBridge } from '../../../sandbox/eventbridge/service.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:witness';
const deployment = {
  source: 'aws.ecs',
  detailType: 'ECS Deployment State Change',
  resources: ['arn:aws:ecs:us-east-1:000000000000:service/shop/api'],
  detail: { eventName: 'SERVICE_DEPLOYMENT_FAILED', failures: 3, said: 'the "new" one' },
};
let delivered: [string, unknown][];
let failuresLeft: number;
let truth: object[];
let eventBridge: EventBridge;
let gateway: Gateway;
let client: EventBridgeClient;

beforeEach(async () => {
  [delivered, truth, failuresLeft] = [[], [], 0];
  eventBridge = startEventBridge({
    deliver: async (targetArn, payload) => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error('not now');
      delivered.push([targetArn, payload]);
    },
    truth: (event, facts) => truth.push({ event, ...facts }),
    now: () => Date.UTC(2026, 10, 21, 3, 4, 5, 678),
    retryDelayMs: 1,
  });
  gateway = await startGateway({ events: eventBridge.endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new EventBridgeClient({ endpoint: gateway.url, region: 'us-east-1', credentials });
});

afterEach(async () => {
  client.destroy();
  await gateway.close();
  await eventBridge.close();
});

async function putRule(target: Partial<Target> = {}, pattern: object = { source: ['aws.ecs'] }) {
  await client.send(new PutRuleCommand({ Name: 'watch', EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'witness', Arn: functionArn, ...target }];
  return client.send(new PutTargetsCommand({ Rule: 'watch', Targets }));
}

async function deliveries(count: number): Promise<unknown[]> {
  await vi.waitFor(() => expect(delivered.length).toBeGreaterThanOrEqual(count), 5000);
  return delivered.map(([, payload]) => payload);
}

test.each([
  ['an invalid pattern', { Name: 'r', EventPattern: '{}' }, 'InvalidEventPatternException'],
  ['a schedule', { Name: 'r', ScheduleExpression: 'rate(1 minute)' }, 'ValidationException'],
  ['a rule without a pattern', { Name: 'r' }, 'ValidationException'],
  ['a name with a space', { Name: 'a rule', EventPattern: '{"source":["a"]}' }, 'ValidationException'],
  [
    'another bus',
    { Name: 'r', EventPattern: '{"source":["a"]}', EventBusName: 'mine' },
    'ResourceNotFoundException',
  ],
])('refuses %s', async (_title, rule, name) => {
  await expect(client.send(new PutRuleCommand(rule))).rejects.toMatchObject({ name });
});

test('refuses to touch a rule that does not exist', async () => {
  const notFound = { name: 'ResourceNotFoundException' };
  const Targets = [{ Id: 'witness', Arn: functionArn }];
  await expect(client.send(new DescribeRuleCommand({ Name: 'absent' }))).rejects.toMatchObject(notFound);
  await expect(client.send(new PutTargetsCommand({ Rule: 'absent', Targets }))).rejects.toMatchObject(
    notFound,
  );
  await expect(client.send(new DisableRuleCommand({ Name: 'absent' }))).rejects.toMatchObject(notFound);
});

test.each<[string, Partial<Target>]>([
  ['two kinds of input', { Input: '{}', InputPath: '$.detail' }],
  ['input that is not JSON', { Input: 'hello' }],
  ['a path with a wildcard', { InputPath: '$.detail.*' }],
  ['an unknown placeholder', { InputTransformer: { InputTemplate: '{"a": <b>}' } }],
  ['a template that is not JSON', { InputTransformer: { InputTemplate: 'it failed' } }],
  ['ECS parameters', { EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:x' } }],
])('refuses a target with %s', async (_title, target) => {
  await expect(putRule(target)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses to delete a rule that has targets', async () => {
  await putRule();
  await expect(client.send(new DeleteRuleCommand({ Name: 'watch' }))).rejects.toThrow('since it has targets');
});

test('refuses entries one by one', async () => {
  const good = { Source: 'shop', DetailType: 'Order', Detail: '{"n":1}' };
  const Entries = [
    good,
    { ...good, Source: 'aws.ecs' },
    { ...good, Detail: '{' },
    { ...good, Detail: '[]' },
    { Source: 'shop', Detail: '{}' },
  ];
  const response = await client.send(new PutEventsCommand({ Entries }));
  expect(response.FailedEntryCount).toBe(4);
  expect(response.Entries).toMatchObject([
    { EventId: expect.stringMatching(/^\S{36}$/) },
    { ErrorCode: 'NotAuthorizedForSourceException' },
    { ErrorCode: 'MalformedDetail' },
    { ErrorCode: 'MalformedDetail' },
    { ErrorCode: 'InvalidArgument' },
  ]);
  await expect(
    client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => good) })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});

test('gives up on a delivery that keeps failing, and says so', async () => {
  await putRule();
  failuresLeft = 100;
  eventBridge.emit(deployment);
  await vi.waitFor(() => expect(truth.length).toBe(1), 5000);
  expect(truth[0]).toMatchObject({
    event: 'events.delivery-dropped',
    ruleName: 'watch',
    targetArn: functionArn,
    attempts: 6,
    reason: 'Error: not now',
  });
  expect(delivered).toEqual([]);
});

test("does not repeat a delivery more often than the target's retry policy allows", async () => {
  await putRule({ RetryPolicy: { MaximumRetryAttempts: 0 } });
  failuresLeft = 1;
  eventBridge.emit(deployment);
  await vi.waitFor(() => expect(truth).toMatchObject([{ attempts: 1 }]), 5000);
});

test('delivers nothing for a rule that is disabled or does not match', async () => {
  await putRule();
  await client.send(new DisableRuleCommand({ Name: 'watch' }));
  eventBridge.emit(deployment);
  await client.send(new EnableRuleCommand({ Name: 'watch' }));
  eventBridge.emit({ ...deployment, source: 'aws.ec2' });
  eventBridge.emit({ ...deployment, detail: { last: true } });
  expect(await deliveries(1)).toMatchObject([{ detail: { last: true } }]);
});

test('delivers the whole event, with its time in whole seconds, after emit has returned', async () => {
  await putRule();
  const detail = { ...deployment.detail };
  eventBridge.emit({ ...deployment, detail });
  detail.failures = 4;
  expect(delivered).toEqual([]);
  await deliveries(1);
  expect(delivered).toEqual([
    [
      functionArn,
      {
        version: '0',
        id: expect.stringMatching(/^\S{36}$/),
        'detail-type': 'ECS Deployment State Change',
        source: 'aws.ecs',
        account: '000000000000',
        time: '2026-11-21T03:04:05Z',
        region: 'us-east-1',
        resources: deployment.resources,
        detail: deployment.detail,
      },
    ],
  ]);
});

test('delivers custom events', async () => {
  await putRule({}, { source: ['shop'], detail: { total: [{ numeric: ['>', 10] }] } });
  const Entries = [
    { Source: 'shop', DetailType: 'Order', Detail: '{"total":5}' },
    { Source: 'shop', DetailType: 'Order', Detail: '{"total":50}', Time: new Date('2026-01-02T03:04:05Z') },
  ];
  const response = await client.send(new PutEventsCommand({ Entries }));
  expect(await deliveries(1)).toMatchObject([
    { id: response.Entries?.[1]?.EventId, time: '2026-01-02T03:04:05Z', detail: { total: 50 } },
  ]);
});

test('repeats a delivery that failed', async () => {
  await putRule();
  failuresLeft = 3;
  eventBridge.emit(deployment);
  expect(await deliveries(1)).toHaveLength(1);
  expect(truth).toEqual([]);
});

test.each<[string, Partial<Target>, unknown]>([
  ['a constant', { Input: '{"kind":"tick"}' }, { kind: 'tick' }],
  ['a part of the event', { InputPath: '$.detail.eventName' }, 'SERVICE_DEPLOYMENT_FAILED'],
  ['an element', { InputPath: '$.resources[0]' }, deployment.resources[0]],
  ['a field with a dash', { InputPath: '$.detail-type' }, 'ECS Deployment State Change'],
  [
    'a transformed event',
    {
      InputTransformer: {
        InputPathsMap: { name: '$.detail.eventName', n: '$.detail.failures', said: '$.detail.said' },
        InputTemplate:
          '{"name": <name>, "text": "<n> times <said>", "rule": "<aws.events.rule-name>", "n": <n>}',
      },
    },
    { name: 'SERVICE_DEPLOYMENT_FAILED', text: '3 times the "new" one', rule: 'watch', n: 3 },
  ],
  [
    'a sentence',
    { InputTransformer: { InputPathsMap: { no: '$.absent' }, InputTemplate: '"none<no>"' } },
    'none',
  ],
])('gives a target %s', async (_title, target, payload) => {
  await putRule(target);
  eventBridge.emit(deployment);
  expect(await deliveries(1)).toEqual([payload]);
});

test('describes rules and targets, and forgets them', async () => {
  await putRule();
  const EventPattern = '{"source":["aws.ec2"]}';
  await client.send(new PutRuleCommand({ Name: 'watch', EventPattern, Description: 'changed' }));
  const Arn = 'arn:aws:events:us-east-1:000000000000:rule/watch';
  const described = { Name: 'watch', Arn, EventPattern, State: 'ENABLED', Description: 'changed' };
  expect(await client.send(new DescribeRuleCommand({ Name: 'watch' }))).toMatchObject(described);
  expect((await client.send(new ListRulesCommand({ NamePrefix: 'wa' }))).Rules).toMatchObject([described]);
  expect((await client.send(new ListRulesCommand({ NamePrefix: 'x' }))).Rules).toEqual([]);
  const listed = await client.send(new ListTargetsByRuleCommand({ Rule: 'watch' }));
  expect(listed.Targets).toEqual([{ Id: 'witness', Arn: functionArn }]);
  const removed = await client.send(new RemoveTargetsCommand({ Rule: 'watch', Ids: ['witness', 'absent'] }));
  expect(removed).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'absent' }] });
  await client.send(new DeleteRuleCommand({ Name: 'watch' }));
  expect((await client.send(new ListRulesCommand({}))).Rules).toEqual([]);
});

test('tests a pattern against an event', async () => {
  const EventPattern = '{"source":[{"prefix":"aws."}]}';
  const test = (Event: string) => client.send(new TestEventPatternCommand({ EventPattern, Event }));
  expect((await test('{"source":"aws.ecs"}')).Result).toBe(true);
  expect((await test('{"source":"shop"}')).Result).toBe(false);
  await expect(test('{')).rejects.toMatchObject({ name: 'ValidationException' });
});
