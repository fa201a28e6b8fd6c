import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { FUNCTION_NAMES, FUNCTIONS } from '../../lib/infra/functions.ts';
import { actionsOf, flat, statementsOf, templateOf } from './fixture.ts';
import { plan } from './plan.ts';

const template = templateOf([plan()]);

describe('deploying starts no drill', () => {
  test('nothing in the stack starts an execution when it is created', () => {
    const types = new Set(
      Object.values(template.toJSON().Resources).map((r) => (r as { Type: string }).Type),
    );
    expect(
      [...types].filter((type) => type.startsWith('Custom::') || type.includes('CustomResource')),
    ).toEqual(['Custom::RollbackDrillsRemovalGuard']);
    const guard = (statementsOf(template).GuardRemoval ?? []).flatMap(actionsOf);
    expect(guard.filter((action) => action.startsWith('states:Start'))).toEqual([]);
    template.resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('no rule has the drill’s state machine as its target, and none runs by the clock', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule'))) {
      expect(Properties.ScheduleExpression).toBeUndefined();
      expect(JSON.stringify(Properties.Targets)).not.toContain('DrillMachine');
    }
  });
});

describe('records', () => {
  test('no bucket is public, unencrypted, unversioned, or open to plain HTTP', () => {
    template.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
    });
    expect(denials('AWS::S3::BucketPolicy')).toContainEqual(
      expect.objectContaining({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test.each([
    [undefined, { Mode: 'GOVERNANCE', Days: 365 }],
    ['compliance:90d', { Mode: 'COMPLIANCE', Days: 90 }],
    ['governance:30d', { Mode: 'GOVERNANCE', Days: 30 }],
  ])('no receipt can be deleted for as long as is asked for: %s', (receiptsLock, DefaultRetention) => {
    const context = receiptsLock === undefined ? {} : { receiptsLock };
    templateOf([], context).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
    });
  });

  test('receipts are not locked only when that is asked for, and no lock is guessed', () => {
    templateOf([], { receiptsLock: 'none' }).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: Match.absent(),
    });
    for (const receiptsLock of ['off', 'compliance', 'governance:0d', 'compliance:365', 'governance:99999d'])
      expect(() => templateOf([], { receiptsLock })).toThrow(
        `receiptsLock is '${receiptsLock}'; allowed are`,
      );
  });

  test('no object is put without the condition that it is not there yet', () => {
    expect(denials('AWS::S3::BucketPolicy')).toContainEqual(
      expect.objectContaining({
        Action: 's3:PutObject',
        Condition: {
          Null: { 's3:if-none-match': 'true' },
          Bool: { 's3:ObjectCreationOperation': 'true' },
        },
      }),
    );
  });

  test('table and bucket are not deleted with the stack', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain' });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('the table is paid for by request, can be restored to any moment and cannot be deleted', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    });
  });

  test('topic and queue refuse plain HTTP', () => {
    for (const type of ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy']) {
      expect(denials(type)).toContainEqual(
        expect.objectContaining({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  function denials(type: string): readonly unknown[] {
    return Object.values(template.findResources(type)).flatMap(({ Properties }) =>
      (Properties.PolicyDocument.Statement as readonly { Effect: string }[]).filter(
        ({ Effect }) => Effect === 'Deny',
      ),
    );
  }
});

describe('the safety switch', () => {
  test('is off when the stack is new', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/rollback-drills/safety-switch',
      Type: 'String',
      Value: 'off',
    });
  });

  test('is not made twice in an account that has one already', () => {
    const other = templateOf([plan()], { safetySwitch: '/ops/drills' });
    other.resourceCountIs('AWS::SSM::Parameter', 0);
    other.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'RollbackDrills-Witness',
      Environment: { Variables: Match.objectLike({ SAFETY_SWITCH_PARAMETER: '/ops/drills' }) },
    });
  });
});

describe('functions', () => {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map((r) => r.Properties);

  test('no function is without time limit, memory, log group and architecture, and none without a name', () => {
    expect(functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(
      FUNCTION_NAMES.map((name) => `RollbackDrills-${name}`).toSorted(),
    );
    for (const name of FUNCTION_NAMES) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `RollbackDrills-${name}`,
        Timeout: FUNCTIONS[name].timeoutSeconds,
        MemorySize: FUNCTIONS[name].memoryMb,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogGroup: Match.anyValue() },
      });
    }
  });

  test('no log is kept for ever', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    template.resourceCountIs('AWS::Logs::LogGroup', FUNCTION_NAMES.length + 3);
  });

  test('no two functions share a role, and none has a managed policy', () => {
    const roles = functions.map(({ Role }) => flat(Role));
    expect(new Set(roles).size).toBe(FUNCTION_NAMES.length);
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('no function lacks a variable that every function reads', () => {
    for (const { Environment } of functions) {
      expect(Object.keys(Environment.Variables)).toEqual(
        expect.arrayContaining(['BUCKET_NAME', 'TABLE_NAME', 'TOPIC_ARN']),
      );
    }
  });

  test('those that arm, start or warm something know its name', () => {
    for (const [name, ...variables] of [
      ['ArmWatchdog', 'WATCHDOG_FUNCTION_ARN', 'SCHEDULER_ROLE_ARN'],
      ['SealReceipt', 'WATCHDOG_FUNCTION_ARN', 'SCHEDULER_ROLE_ARN'],
      ['Watchdog', 'WATCHDOG_FUNCTION_ARN', 'SCHEDULER_ROLE_ARN'],
      ['CheckGuardrails', 'WITNESS_STATE_MACHINE_ARN'],
      ['AwaitTrigger', 'WARM_FUNCTION_ARNS'],
    ]) {
      const found = functions.find(({ FunctionName }) => FunctionName === `RollbackDrills-${name}`);
      expect(Object.keys(found?.Environment.Variables)).toEqual(expect.arrayContaining(variables));
    }
  });
});

describe('state machines', () => {
  const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine')).map(
    (resource) => resource.Properties,
  );

  test('no placeholder of a definition is left open, and each one stands for the function of its name', () => {
    for (const { DefinitionString, DefinitionSubstitutions } of machines) {
      const open = new Set([...DefinitionString.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]));
      expect(Object.keys(DefinitionSubstitutions).toSorted()).toEqual([...open].toSorted());
      for (const [placeholder, arn] of Object.entries(DefinitionSubstitutions)) {
        const id = flat(arn).replace(/^\$\{|[0-9A-F]{8}\.Arn\}$/g, '');
        expect(`${id}FunctionArn`).toBe(placeholder);
      }
    }
  });

  test('no state invokes a function that no state machine may invoke, nor the other way round', () => {
    for (const [index, file] of ['rollback-drill', 'witness'].entries()) {
      const text = readFileSync(new URL(`../../statemachines/${file}.asl.json`, import.meta.url), 'utf8');
      const invoked = new Set([...text.matchAll(/\$\{(\w+)FunctionArn\}/g)].map((match) => match[1] ?? ''));
      expect([...invoked].every((name) => name in FUNCTIONS)).toBe(true);
      const owner = ['DrillMachine', 'WitnessMachine'][index];
      const policy = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
        id.startsWith(`${owner}Role`),
      )?.[1];
      const statement = policy?.Properties.PolicyDocument.Statement.find(
        ({ Action }: { Action: unknown }) => Action === 'lambda:InvokeFunction',
      );
      expect([statement.Resource].flat().length).toBe(invoked.size);
    }
  });

  test('no execution data, and so no task token, goes to the log', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: Match.objectLike({ IncludeExecutionData: false, Level: 'ALL' }),
      TracingConfiguration: { Enabled: true },
    });
  });
});
