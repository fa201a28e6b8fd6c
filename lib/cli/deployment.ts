import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { cloudWatch, dynamo, events, s3, sfn, sns, ssm } from '../adapters/aws/clients.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { type RecommendedAlarm, recommendedAlarms } from '../drill/recommended-alarms.ts';
import { placePlan } from '../infra/bundle.ts';
import {
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionName,
  folderOf,
  WARM_FUNCTIONS,
} from '../infra/functions.ts';
import { ARNS, productEnvironment, RESOURCES } from './settings.ts';

/** Whom the sandbox's topic reaches. On AWS the team subscribes. */
const ON_CALL = 'on-call@example.com';

/** The function behind the HTTP API. */
export const API_FUNCTION: FunctionName = 'Api';

/** The product as the sandbox's Lambda wants it. */
export interface DeployedFunction {
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The functions that `bundleFunctions` puts below the directory, with what the stack gives them. */
export function deployedFunctions(
  directory: string,
  aws: Readonly<Record<string, string>>,
): readonly DeployedFunction[] {
  const warm = { WARM_FUNCTION_ARNS: WARM_FUNCTIONS.map(ARNS.function).join(',') };
  return FUNCTION_NAMES.map((name) => ({
    name,
    directory: join(directory, folderOf(name)),
    handler: 'index.handler',
    ...FUNCTIONS[name],
    environment: { ...aws, ...productEnvironment(), ...warm },
  }));
}

/** Deploys a plan for its drills: beside the code of the function that loads it, below the directory, and with its alarms. */
export async function deployPlan(directory: string, plan: Plan): Promise<void> {
  await Promise.all([placePlan(directory, plan), ...recommendedAlarms(plan).map(putAlarm)]);
}

/** Makes what the stack makes on AWS, by the same APIs, in the sandbox that this process's environment points at. Again, it changes nothing. */
export async function deployResources(): Promise<void> {
  await Promise.all([table(), bucket(), topic(), safetySwitch(), machines(), rules()]);
}

async function putAlarm(alarm: RecommendedAlarm): Promise<void> {
  await cloudWatch().send(new PutMetricAlarmCommand(alarm));
}

async function table(): Promise<void> {
  const key = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
  const command = new CreateTableCommand({
    TableName: RESOURCES.table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [key('pk'), key('sk')],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  await dynamo().send(command).catch(unless('ResourceInUseException'));
}

async function bucket(): Promise<void> {
  const command = new CreateBucketCommand({ Bucket: RESOURCES.bucket, ObjectLockEnabledForBucket: true });
  await s3().send(command).catch(unless('BucketAlreadyOwnedByYou'));
}

async function topic(): Promise<void> {
  const { TopicArn } = await sns().send(new CreateTopicCommand({ Name: RESOURCES.topic }));
  await sns().send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: ON_CALL }));
}

/** Off until somebody sets it; what somebody has set stays. */
async function safetySwitch(): Promise<void> {
  const command = new PutParameterCommand({ Name: RESOURCES.safetySwitch, Type: 'String', Value: 'off' });
  await ssm().send(command).catch(unless('ParameterAlreadyExists'));
}

async function machines(): Promise<void> {
  await Promise.all([
    machine(RESOURCES.drillMachine, ARNS.drillMachine, 'rollback-drill'),
    machine(RESOURCES.witnessMachine, ARNS.witnessMachine, 'witness'),
  ]);
}

async function machine(name: string, stateMachineArn: string, file: string): Promise<void> {
  const definition = substituted(
    await readFile(new URL(`../../statemachines/${file}.asl.json`, import.meta.url), 'utf8'),
  );
  try {
    await sfn().send(
      new CreateStateMachineCommand({
        name,
        definition,
        roleArn: 'arn:aws:iam::000000000000:role/rollback-drills',
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'StateMachineAlreadyExists') throw error;
    await sfn().send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  }
}

function substituted(definition: string): string {
  return definition.replaceAll(/\$\{(\w+)FunctionArn\}/g, (_, name: string) => ARNS.function(name));
}

/** The stack names the services and alarms of its plans; here any plan may come later. */
async function rules(): Promise<void> {
  await Promise.all([
    rule(
      'rollback-drills-deployments',
      { source: ['aws.ecs'], 'detail-type': ['ECS Deployment State Change'] },
      'ObserveEvent',
    ),
    rule(
      'rollback-drills-tasks',
      {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: { group: [{ prefix: 'service:' }], lastStatus: ['STOPPED'] },
      },
      'ObserveEvent',
    ),
    rule(
      'rollback-drills-pipelines',
      {
        source: ['aws.codepipeline'],
        'detail-type': ['Pipeline', 'Stage'].map((part) => `CodePipeline ${part} Execution State Change`),
      },
      'ObserveEvent',
    ),
    rule(
      'rollback-drills-actions',
      {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        detail: { state: ['FAILED'] },
      },
      'ObserveEvent',
    ),
    rule(
      'rollback-drills-alarms',
      {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { state: { value: ['ALARM'] } },
      },
      'ObserveEvent',
    ),
    rule(
      'rollback-drills-executions',
      {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [ARNS.drillMachine], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      'Watchdog',
    ),
  ]);
}

async function rule(Name: string, pattern: object, target: string): Promise<void> {
  await events().send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
  await events().send(
    new PutTargetsCommand({ Rule: Name, Targets: [{ Id: target, Arn: ARNS.function(target) }] }),
  );
}

function unless(name: string): (error: Error) => void {
  return (error) => {
    if (error.name !== name) throw error;
  };
}
