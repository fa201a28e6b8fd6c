import { Stack, Validations } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';

/*
 * What the rules of cdk-nag find in the construct and what is kept all the same, each with its reason. Whoever has these rules
 * in an app of their own is not told of it again, and of everything else they are.
 */

/** Findings of AwsSolutions and Serverless that are no permissions, by their rule. */
export const KEPT_FINDINGS: Readonly<Record<string, string>> = {
  'AwsSolutions-S1': 'a server access log needs a second bucket; CloudTrail data events tell more',
  'AwsSolutions-SQS3': 'the queue is itself where undelivered events end; an alarm tells of the first one',
  'Serverless-SQSRedrivePolicy':
    'the queue is itself where undelivered events end; an alarm tells of the first one',
  'Serverless-LambdaDLQ':
    'state machines see every failure; what events invoke has a failure destination, or is made up for by the witness',
  'Serverless-LambdaTracing':
    'the state machines trace each state, and the journal has every step; in each function it would be a permission on everything',
  'Serverless-LambdaAsyncFailureDestination':
    'an observed event is of no use later; the witness reads the same every few seconds',
  'Serverless-EventBusDLQ':
    'an observed event is of no use later; the witness reads the same every few seconds',
};

/** Every action that is allowed on `*`, and why no narrower permission exists. */
export const ON_EVERYTHING: Readonly<Record<string, string>> = {
  'states:SendTaskSuccess': 'knows no resource; the token is the key',
  'states:SendTaskHeartbeat': 'knows no resource; the token is the key',
  'ecs:ListTasks': 'its resource is a container instance; limited by the condition on the cluster',
  'ecs:DescribeTaskDefinition': 'knows no resource',
  'ecs:ListTaskDefinitions': 'knows no resource',
  'ecs:DeregisterTaskDefinition': 'knows no resource',
  'ssm:DescribeParameters': 'knows no resource; tells no value',
  'cloudwatch:GetMetricData': 'knows no resource',
  'cloudwatch:DescribeAlarms': 'composite alarms are described on everything or not at all',
  ...each(
    'ec2',
    [
      'AssignPrivateIpAddresses',
      'CreateNetworkInterface',
      'DeleteNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'UnassignPrivateIpAddresses',
    ],
    'interfaces have no name before they are made; denied to the code of the function',
  ),
  ...each(
    'logs',
    [
      'CreateLogDelivery',
      'DeleteLogDelivery',
      'DescribeLogGroups',
      'DescribeResourcePolicies',
      'GetLogDelivery',
      'ListLogDeliveries',
      'PutResourcePolicy',
      'UpdateLogDelivery',
    ],
    'log deliveries know no resource',
  ),
  ...each(
    'xray',
    ['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'],
    'traces know no resource',
  ),
};

/** Resources whose names are known in part only when the stack is deployed, and why. */
export const KEPT_WILDCARDS: readonly (readonly [resource: RegExp, reason: string])[] = [
  [/:ecs:[^*]*:(service-revision|service-deployment)\/[^*]+\/\*$/, 'what a service of the plans has had'],
  [/:ecs:[^*]*:task\/[^*]+\/\*$/, 'the tasks of a cluster that the plans name'],
  [/:task-definition\/\*-known-bad:\*$/, 'families that only drills register'],
  [/:task-definition\/[^*]+:\*$/, 'without a revision, a plan means the newest one'],
  [/:iam::[^*]*:role\/\*$/, 'task roles are found when a drill runs; they are passed to tasks only'],
  [/:ecr:\*:[^*]*:repository\/\*$/, 'where images lie is found when a drill runs; they are described only'],
  [/:secretsmanager:\*:[^*]*:secret:\*$/, 'what tasks refer to is found when a drill runs; no value is read'],
  [/:rds-db:[^*]*:dbuser:\*\/[^*]+$/, 'instances come and go with ids of their own; the user is the limit'],
  [/:schedule\/[^*]+\/rollback-drill-\*$/, 'one schedule for each drill'],
  [/:execution:[^*]+-drill:\*$/, 'one execution for each drill'],
  [/^<\w*Receipts\w*\.Arn>\/(receipts|series)\/\*$/, 'one object for each drill'],
  [/^<\w*StartDrill\w*\.Arn>:\*$/, 'versions of the one function'],
];

/** To be called when everything is made: it looks at the permissions that there are. */
export function acknowledgeFindings(scope: Construct): void {
  const kept = Object.entries(KEPT_FINDINGS).map(([id, reason]) => ({ id, reason }));
  Validations.of(scope).acknowledge(...kept);
  for (const policy of scope.node.findAll())
    if (policy instanceof CfnPolicy) Validations.of(roleOf(policy)).acknowledge(...wildcardsOf(policy));
}

/** What does not fit into its policy goes into others of the same role, which are not made yet. */
function roleOf(policy: CfnPolicy): IConstruct {
  return policy.node.scope?.node.scope ?? policy;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function wildcardsOf(policy: CfnPolicy): { id: string; reason: string }[] {
  const { Statement } = Stack.of(policy).resolve(policy.policyDocument) as {
    Statement: readonly Statement[];
  };
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
  const resources = new Set(allowed.flatMap(({ Resource }) => listed(Resource).map(flattened)));
  return [...resources].flatMap((resource) => {
    const reason = resource === '*' ? reasonForEverything(allowed) : reasonFor(resource);
    return reason === undefined ? [] : [{ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason }];
  });
}

function reasonFor(resource: string): string | undefined {
  return KEPT_WILDCARDS.find(([kept]) => kept.test(resource))?.[1];
}

/** None while one of the actions has none. */
function reasonForEverything(allowed: readonly Statement[]): string | undefined {
  const actions = allowed
    .filter(({ Resource }) => listed(Resource).includes('*'))
    .flatMap(({ Action }) => listed(Action) as readonly string[]);
  if (actions.some((action) => !Object.hasOwn(ON_EVERYTHING, action))) return undefined;
  return actions.map((action) => `${action}: ${ON_EVERYTHING[action]}`).join('; ');
}

/** References in the form that cdk-nag gives them in the names of its findings. */
function flattened(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as readonly unknown[]).map(flattened).join(join[0] as string);
  return JSON.stringify(value);
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function each(service: string, actions: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(actions.map((action) => [`${service}:${action}`, reason]));
}
