import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACCESS } from '../../lib/infra/access.ts';
import { ON_EVERYTHING } from '../../lib/infra/acknowledgements.ts';
import { FUNCTION_NAMES, folderOf } from '../../lib/infra/functions.ts';
import { COMPLETE_PLANS } from './complete-plans.ts';
import { actionsOf, flat, resourcesOf, type Statement, statementsOf, templateOf } from './fixture.ts';
import { plan, reference, THROUGH_PIPELINE } from './plan.ts';

const ECS = `arn:${reference('AWS::Partition')}:ecs:${reference('AWS::Region')}:${reference('AWS::AccountId')}`;

/** What validations read on '*'. */
const READ_ON_EVERYTHING = [
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'ecs:DescribeTaskDefinition',
  'ecs:ListTasks',
  'ssm:DescribeParameters',
];
const READS = /^(?:cloudwatch|ecr|ecs|secretsmanager|sqs|ssm):/;
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/given-up';
const METRIC = { name: 'orders', namespace: 'Shop', metric: 'Orders', stat: 'Sum' };

const statements = statementsOf(templateOf([plan()]));
const all = Object.entries(statements).flatMap(([owner, list]) =>
  list.map((statement) => ({ owner, statement })),
);

describe('what may be touched', () => {
  test('no service but those of the plans may be updated', () => {
    const services = resourcesAllowed('ecs:UpdateService');
    expect(services).toEqual([`${ECS}:service/demo/shop`]);
  });

  test('no deployment but those of the plans’ services may be stopped', () => {
    expect(resourcesAllowed('ecs:StopServiceDeployment')).toEqual([
      `${ECS}:service-deployment/demo/shop/*`,
      `${ECS}:service/demo/shop`,
    ]);
  });

  test('only what acts on the target may change it', () => {
    expect(ownersOf('ecs:UpdateService')).toEqual(['DeployKnownBad', 'RollBack', 'Watchdog']);
    expect(ownersOf('ecs:StopServiceDeployment')).toEqual(['RollBack', 'Watchdog']);
    expect(ownersOf('ecs:RegisterTaskDefinition')).toEqual(['DeployKnownBad']);
    expect(ownersOf('ecs:DeregisterTaskDefinition')).toEqual(['SealReceipt']);
  });

  test('no task definition is registered outside the families of known-bad releases', () => {
    expect(resourcesAllowed('ecs:RegisterTaskDefinition')).toEqual([`${ECS}:task-definition/*-known-bad:*`]);
  });

  test('without a plan, nothing in ECS may even be read, and no role is passed to tasks', () => {
    const none = Object.values(statementsOf(templateOf([]))).flat();
    expect(none.flatMap(actionsOf).filter((action) => action.startsWith('ecs:'))).toEqual([]);
    expect(JSON.stringify(none)).not.toContain('ecs-tasks.amazonaws.com');
  });

  test('without an override, no task definition is registered, tagged or deregistered', () => {
    const named = plan({ knownBad: { default: 'old', releases: { old: { taskDefinition: 'shop:3' } } } });
    const actions = Object.values(statementsOf(templateOf([named]))).flatMap((list) =>
      list.flatMap(actionsOf),
    );
    expect(actions).toContain('ecs:UpdateService');
    expect(actions.filter((action) => /Register|TagResource|Deregister/.test(action))).toEqual([]);
  });
});

describe('wildcards', () => {
  test('no permission on everything that is not on the list with its reason', () => {
    const everything = Object.values(statementsOf(templateOf(COMPLETE_PLANS))).flat();
    const found = everything.flatMap((statement) =>
      resourcesOf(statement).includes('*') ? actionsOf(statement) : [],
    );
    expect([...new Set(found)].filter((action) => !(action in ON_EVERYTHING))).toEqual([]);
  });

  test('no action is a wildcard', () => {
    expect(
      all.flatMap(({ statement }) => actionsOf(statement)).filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  test('tasks are listed in the plans’ clusters only', () => {
    const conditions = allowing('ecs:ListTasks').map(({ statement }) => statement.Condition);
    expect([...new Set(conditions.flatMap(clustersIn))]).toEqual([`${ECS}:cluster/demo`]);
  });

  test('roles are passed to tasks and to the scheduler only', () => {
    const passed = allowing('iam:PassRole').map(({ owner, statement }) => [owner, statement.Condition]);
    const to = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });
    expect(passed).toEqual([
      ['ArmWatchdog', to('scheduler.amazonaws.com')],
      ['DeployKnownBad', to('ecs-tasks.amazonaws.com')],
      ['RollBack', to('ecs-tasks.amazonaws.com')],
      ['Watchdog', to('ecs-tasks.amazonaws.com')],
      ['Watchdog', to('scheduler.amazonaws.com')],
    ]);
  });
});

describe('what guardrails read', () => {
  const guarded = plan({
    guardrails: {
      alarms: ['errors'],
      changeCalendars: ['ops', 'arn:aws:ssm:eu-west-1:123456789012:document/bank'],
    },
    knownBad: {
      default: 'broken',
      releases: { broken: { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:broken' } },
    },
    notifications: { topicArn: 'arn:aws:sns:us-east-1:123456789012:drills' },
  });
  const owned = statementsOf(templateOf([guarded]));
  const READERS = ['ArmWatchdog', 'CheckGuardrails'];
  const of = (action: string) =>
    Object.entries(owned).flatMap(([owner, list]) =>
      list.filter((statement) => actionsOf(statement).includes(action)).map((found) => ({ owner, found })),
    );

  test('nobody sets the safety switch but who removes the stack, and only those who judge it, stop at it or turn it read it', () => {
    expect(of('ssm:PutParameter').map(({ owner }) => owner)).toEqual(['GuardRemoval']);
    expect(
      of('ssm:GetParameter')
        .map(({ owner }) => owner)
        .toSorted(),
    ).toEqual(['ArmWatchdog', 'CheckGuardrails', 'GuardRemoval', 'Witness']);
    for (const { found } of of('ssm:GetParameter'))
      expect(resourcesOf(found)).toEqual([expect.stringContaining('SafetySwitch')]);
  });

  test('no alarm, calendar, image or topic is read that no plan gives a reason for', () => {
    for (const action of ['cloudwatch:DescribeAlarms', 'ssm:GetCalendarState'])
      expect(ownersOf(action), action).toEqual([]);
    const none = Object.values(statementsOf(templateOf([]))).flat();
    expect(none.flatMap(actionsOf)).not.toContain('ecr:DescribeImages');
  });

  test('calendars, images and topics are those of the plans', () => {
    const resources = (action: string) => [...new Set(of(action).flatMap(({ found }) => resourcesOf(found)))];
    expect(resources('ssm:GetCalendarState')).toEqual([
      ECS.replace(':ecs:', ':ssm:').concat(':document/ops'),
      'arn:aws:ssm:eu-west-1:123456789012:document/bank',
    ]);
    expect(resources('ecr:DescribeImages')).toContainEqual(
      expect.stringContaining('ecr:eu-west-1:123456789012:repository/shop'),
    );
    expect(resources('sns:GetTopicAttributes')).toContain('arn:aws:sns:us-east-1:123456789012:drills');
    expect(
      of('cloudwatch:DescribeAlarms')
        .map(({ owner }) => owner)
        .toSorted(),
    ).toEqual([...READERS, 'AwaitTrigger', 'Witness'].toSorted());
  });

  test('alarms are read for triggers alone, too', () => {
    const condition = { observedBy: 'alarm', condition: 'errors', action: 'roll-back', budget: '5m' };
    const alarmed = statementsOf(templateOf([plan({ triggers: [{ name: 'errors', ...condition }] })]));
    const readers = Object.entries(alarmed).filter(([, list]) =>
      list.flatMap(actionsOf).includes('cloudwatch:DescribeAlarms'),
    );
    expect(readers.map(([owner]) => owner).toSorted()).toEqual([
      'ArmWatchdog',
      'AwaitTrigger',
      'CheckGuardrails',
      'Witness',
    ]);
  });

  test('no drill runs in an environment that no deployed plan is for', () => {
    const functions = Object.values(templateOf([guarded]).findResources('AWS::Lambda::Function'));
    const allowed = functions.map(({ Properties }) => Properties.Environment.Variables.ALLOWED_ENVIRONMENTS);
    expect(allowed.filter((value) => value !== undefined)).toEqual(['test', 'test']);
  });
});

describe('secrets', () => {
  const steps = [{ name: 'look', url: 'https://shop.example/' }];
  const secrets = {
    robot: { secretsManager: 'shop/robot', key: 'password' },
    exact: { secretsManager: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/api-AbCdEf' },
    key: { ssmParameter: '/shop/key' },
  };
  const validations = [{ name: 'buy', kind: 'synthetic-transaction', secrets, steps }];
  const owned = statementsOf(templateOf([plan({ validations })]));

  test('no function but that of the validation reads them, and only those that the plan names', () => {
    const found = Object.entries(owned).flatMap(([owner, list]) =>
      list
        .filter((statement) => actionsOf(statement).includes('secretsmanager:GetSecretValue'))
        .map((statement) => [owner, resourcesOf(statement)]),
    );
    const own = ECS.replace(':ecs:', ':secretsmanager:').concat(':secret:shop/robot-??????');
    expect(found).toEqual([['SyntheticTransaction', [own, secrets.exact.secretsManager]]]);
    const parameters = owned.SyntheticTransaction?.filter((statement) =>
      actionsOf(statement).includes('ssm:GetParameter'),
    ).flatMap(resourcesOf);
    expect(parameters).toEqual([ECS.replace(':ecs:', ':ssm:').concat(':parameter/shop/key')]);
  });

  test('without one in a plan, none may be read', () =>
    expect(ownersOf('secretsmanager:GetSecretValue')).toEqual([]));
});

describe('pipelines', () => {
  const PIPELINE = ECS.replace(':ecs:', ':codepipeline:').concat(':shop-pipe');
  const owned = statementsOf(templateOf([plan(THROUGH_PIPELINE)]));
  const found = (action: string) =>
    Object.entries(owned).flatMap(([owner, list]) =>
      list
        .filter((statement) => actionsOf(statement).includes(action))
        .map((statement) => ({ owner, resources: resourcesOf(statement) })),
    );
  const owners = (action: string) => [...new Set(found(action).map(({ owner }) => owner))].toSorted();
  const resources = (action: string) => [...new Set(found(action).flatMap((one) => one.resources))];

  test('without a plan that names one, none may even be read', () => {
    expect(all.flatMap(({ statement }) => actionsOf(statement)).filter(isOfPipelines)).toEqual([]);
  });

  test('none may be changed, retried or approved by anyone, and no stage rolled back but the deploy stage', () => {
    const actions = new Set(Object.values(owned).flat().flatMap(actionsOf).filter(isOfPipelines));
    expect([...actions].toSorted()).toEqual([
      'codepipeline:DisableStageTransition',
      'codepipeline:EnableStageTransition',
      'codepipeline:GetPipeline',
      'codepipeline:GetPipelineExecution',
      'codepipeline:GetPipelineState',
      'codepipeline:ListActionExecutions',
      'codepipeline:ListPipelineExecutions',
      'codepipeline:RollbackStage',
      'codepipeline:StartPipelineExecution',
      'codepipeline:StopPipelineExecution',
    ]);
    expect(resources('codepipeline:RollbackStage')).toEqual([`${PIPELINE}/Deploy`]);
    expect(resources('codepipeline:StartPipelineExecution')).toEqual([PIPELINE]);
  });

  test('no transition but those that the plan disables may be touched', () => {
    expect(resources('codepipeline:DisableStageTransition')).toEqual([`${PIPELINE}/Promote`]);
    expect(resources('codepipeline:EnableStageTransition')).toEqual([`${PIPELINE}/Promote`]);
  });

  test('only what acts on the target may act on its pipeline', () => {
    expect(owners('codepipeline:StartPipelineExecution')).toEqual(['DeployKnownBad', 'RollBack', 'Watchdog']);
    expect(owners('codepipeline:RollbackStage')).toEqual(['RollBack', 'Watchdog']);
    expect(owners('codepipeline:StopPipelineExecution')).toEqual(['RollBack', 'SealReceipt', 'Watchdog']);
    expect(owners('codepipeline:DisableStageTransition')).toEqual(['DeployKnownBad']);
    expect(owners('codepipeline:EnableStageTransition')).toEqual(['SealReceipt']);
  });

  test('whoever reads the target reads where its pipeline is, and only who captures or compares it reads how it is made', () => {
    const readers = ['AwaitDecision', 'AwaitRestored', 'AwaitTrigger', 'ObserveEvent', 'RollBack', 'Witness'];
    expect(owners('codepipeline:GetPipelineState')).toEqual(expect.arrayContaining(readers));
    expect(owners('codepipeline:GetPipeline')).toEqual(['Api', 'ArmWatchdog', 'CheckGuardrails']);
  });

  test('the service behind one is not deployed to past its pipeline, except on the way back', () => {
    expect(owners('ecs:UpdateService')).toEqual(['RollBack', 'Watchdog']);
    expect(owners('ecs:RegisterTaskDefinition')).toEqual([]);
    expect(owners('iam:PassRole')).toEqual(['ArmWatchdog', 'RollBack', 'Watchdog']);
  });
});

describe('purges', () => {
  test('no distribution but those of the plans may be invalidated, and only by the validation', () => {
    const watch = [{ name: 'front', url: 'https://shop.example/', release: { header: 'x-release' } }];
    const cache = { cloudFront: { distribution: 'E2EXAMPLE1DIST' } };
    const validations = [{ name: 'edge', kind: 'cache-purge', cache, watch }];
    const owned = statementsOf(templateOf([plan({ validations })]));
    const found = Object.entries(owned).flatMap(([owner, list]) =>
      list
        .filter((statement) => actionsOf(statement).includes('cloudfront:CreateInvalidation'))
        .map((statement) => [owner, resourcesOf(statement)]),
    );
    const arn = `arn:${reference('AWS::Partition')}:cloudfront::${reference('AWS::AccountId')}`;
    expect(found).toEqual([['CachePurge', [`${arn}:distribution/E2EXAMPLE1DIST`]]]);
    expect(ownersOf('cloudfront:CreateInvalidation')).toEqual([]);
  });
});

describe('what validations read', () => {
  const VALIDATIONS = [
    { name: 'uniform', kind: 'version-uniformity' },
    { name: 'as-before', kind: 'configuration' },
    { name: 'done', kind: 'background-work', queues: [{ name: 'orders' }, { url: QUEUE, deadLetter: true }] },
    { name: 'monitored', kind: 'monitoring', alarms: ['errors'], metrics: [METRIC] },
  ];
  const owned = statementsOf(templateOf([plan({ validations: VALIDATIONS })]));
  const KINDS = ['VersionUniformity', 'Configuration', 'BackgroundWork', 'Monitoring'];
  const own = (owner: string) =>
    (owned[owner] ?? []).filter(
      (statement) => !actionsOf(statement).some((action) => /^(dynamodb|logs|s3|xray):/.test(action)),
    );

  test('nothing may be read for a plan that does not ask for it', () => {
    for (const owner of KINDS)
      expect((statements[owner] ?? []).flatMap(actionsOf).filter((action) => READS.test(action))).toEqual([]);
  });

  test('nothing may be changed, and no value of a secret, parameter or message may be read', () => {
    const actions = KINDS.flatMap((owner) => own(owner).flatMap(actionsOf));
    expect([...new Set(actions)].toSorted()).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'ecr:DescribeImages',
      'ecs:DescribeServiceRevisions',
      'ecs:DescribeServices',
      'ecs:DescribeTaskDefinition',
      'ecs:DescribeTasks',
      'ecs:ListTasks',
      'secretsmanager:DescribeSecret',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'ssm:DescribeParameters',
    ]);
  });

  test('queues are those of the plans, in their own accounts', () => {
    const queues = own('BackgroundWork').filter((one) => actionsOf(one).includes('sqs:GetQueueUrl'));
    expect(queues.flatMap(resourcesOf)).toEqual([
      ECS.replace(':ecs:', ':sqs:').concat(':orders'),
      expect.stringMatching(/^arn:.*:sqs:.*:123456789012:given-up$/),
    ]);
  });

  test('no permission on everything that is not on the list with its reason', () => {
    const everything = KINDS.flatMap((owner) => own(owner)).filter((one) => resourcesOf(one).includes('*'));
    expect([...new Set(everything.flatMap(actionsOf))].toSorted()).toEqual(READ_ON_EVERYTHING);
  });
});

describe('records', () => {
  test('no function scans the table, and nobody but the sealer deletes an item', () => {
    expect(ownersOf('dynamodb:Scan')).toEqual([]);
    expect(ownersOf('dynamodb:DeleteItem')).toEqual(['SealReceipt']);
  });

  test('no function reads or deletes an object, or changes its lock', () => {
    const s3 = all.flatMap(({ statement }) =>
      actionsOf(statement).filter((action) => action.startsWith('s3:')),
    );
    expect([...new Set(s3)].toSorted()).toEqual(['s3:PutObject']);
  });

  test('nobody but the sealer writes receipts and series, or anything else into the archive', () => {
    expect(ownersOf('s3:PutObject')).toEqual(['SealReceipt']);
  });
});

describe('what a function may do is what its handler asks for', () => {
  const portsOfGrants: Readonly<Record<string, readonly string[]>> = {
    records: ['journal', 'locks', 'receipts', 'series', 'statistics', 'waits'],
    readRecords: ['drills', 'journal', 'receipts', 'statistics'],
    recordPeople: ['journal', 'waits'],
    startDrills: ['starts'],
    readPath: ['pathNow'],
    answerWaits: ['waits'],
    seal: ['receipts'],
    askSealer: ['sealer'],
    startWitness: ['witness'],
    stopDrills: ['executions'],
    armDeadline: ['deadline'],
    readDeadline: ['deadline'],
    disarmDeadline: ['deadline'],
    findUndo: ['migrations'],
    undoMigrations: ['migrations'],
    warmUp: ['warmer'],
    announce: ['announcer'],
    knowEnvironments: ['environments'],
    readAlarms: ['alarms'],
    runValidations: ['validations'],
    readMetricsOfCensus: ['counters'],
    readTasks: ['service', 'pipeline'],
    readDatabases: ['databases'],
    readDatabasesOfCensus: ['counters'],
    readAlarmsAfter: ['alarms'],
    readMetrics: ['metrics'],
    readConfiguration: ['service', 'images', 'versions'],
    readQueues: ['sqs', 'metrics'],
    readCalendars: ['calendars'],
    readChannels: ['channels'],
    readSecrets: ['secrets'],
    purgeCaches: ['purges'],
    readImages: ['images'],
    readSafetySwitch: ['safetySwitch'],
    turnSafetySwitch: ['safetySwitch'],
    ...Object.fromEntries(
      ['capture', 'observe', 'findKnownBad', 'deploy', 'rollBack', 'tidyUp'].map((grant) => [
        grant,
        ['target'],
      ]),
    ),
  };
  /** These need no permission. LockTarget asks a target for its name only. */
  const withoutGrant = new Set(['clock', 'dependencies', 'plans', 'probe']);

  test.each(FUNCTION_NAMES)('%s', (name) => {
    const handler = readFileSync(
      new URL(`../../functions/${folderOf(name)}/handler.ts`, import.meta.url),
      'utf8',
    );
    const ports = handler.match(/const ports = \{([^}]*)\}/s)?.[1] ?? '';
    const asked = ports.split(',').map((port) => port.replace(/:.*/s, '').trim());
    const named = asked.filter((port) => port !== '');
    const granted = ACCESS[name].map((grant) => grant.name);
    for (const grant of granted)
      expect(
        portsOfGrants[grant]?.some((port) => named.includes(port)),
        grant,
      ).toBe(true);
    for (const port of named) {
      if (withoutGrant.has(port) || (name === 'LockTarget' && port === 'target')) continue;
      expect(
        granted.some((grant) => portsOfGrants[grant]?.includes(port)),
        port,
      ).toBe(true);
    }
  });
});

function isOfPipelines(action: string): boolean {
  return action.startsWith('codepipeline:');
}

function allowing(action: string): readonly { owner: string; statement: Statement }[] {
  return all.filter(({ statement }) => actionsOf(statement).includes(action));
}

function ownersOf(action: string): readonly string[] {
  return [...new Set(allowing(action).map(({ owner }) => owner))].toSorted();
}

function resourcesAllowed(action: string): readonly string[] {
  return [...new Set(allowing(action).flatMap(({ statement }) => resourcesOf(statement)))].toSorted();
}

function clustersIn(condition: unknown): readonly string[] {
  const clusters = (condition as { ArnEquals: { 'ecs:cluster': unknown } }).ArnEquals['ecs:cluster'];
  return [clusters].flat().map(flat);
}
