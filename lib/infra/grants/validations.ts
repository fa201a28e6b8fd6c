import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ValidationKind } from '../../drill/validation.ts';
import type { DeployablePlan } from '../plans.ts';
import { targetArns } from '../targets.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';
import { readImages } from './guardrails.ts';

/* What validations read, for the plans that have a validation of that kind. Nothing here changes anything. */

/** Of the services, and of what they ran before; of the stages of their pipelines. */
export function readTasks({ scope, plans }: Surroundings): Grant {
  const uniform = having('version-uniformity', plans);
  const { services, serviceRevisions, clusters, tasks, pipelines } = targetArns(scope, uniform);
  return reading(
    allow(['ecs:DescribeServiceRevisions'], [...services, ...serviceRevisions]),
    // '*': the resource of this action is a container instance, which a service on Fargate has not; the cluster limits it.
    allow(['ecs:ListTasks'], clusters.length > 0 ? ['*'] : [], {
      ArnEquals: { 'ecs:cluster': [...clusters] },
    }),
    allow(['ecs:DescribeTasks'], tasks),
    // '*': this action knows no resource.
    allow(['ecs:DescribeTaskDefinition'], pipelines.all.length > 0 ? ['*'] : []),
    allow(['codepipeline:GetPipelineState'], pipelines.all),
  );
}

/** '*': composite alarms are described on everything or not at all. */
export function readAlarmsAfter({ plans }: Surroundings): Grant {
  const isNamed = monitored(plans).some(({ alarms }) => alarms.length > 0);
  return reading(allow(['cloudwatch:DescribeAlarms'], isNamed ? ['*'] : []));
}

/** '*': this action knows no resource. */
export function readMetrics({ plans }: Surroundings): Grant {
  const isNamed = monitored(plans).some(({ metrics }) => metrics.length > 0);
  return reading(allow(['cloudwatch:GetMetricData'], isNamed ? ['*'] : []));
}

/** Of the services; and of what their task definitions refer to, which is found only when a drill runs. No value is read. */
export function readConfiguration(surroundings: Surroundings): Grant {
  const { scope } = surroundings;
  const plans = having('configuration', surroundings.plans);
  const { services, serviceRevisions } = targetArns(scope, plans);
  const secrets = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    region: '*',
    resource: 'secret',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return reading(
    allow(['ecs:DescribeServices'], services),
    allow(['ecs:DescribeServiceRevisions'], [...services, ...serviceRevisions]),
    // '*': these actions know no resource.
    allow(['ecs:DescribeTaskDefinition', 'ssm:DescribeParameters'], plans.length > 0 ? ['*'] : []),
    allow(['secretsmanager:DescribeSecret'], plans.length > 0 ? [secrets] : []),
    readImages({ ...surroundings, plans }).statements,
  );
}

/** How many messages a queue holds, and how old they are; no message is read. */
export function readQueues({ scope, plans }: Surroundings): Grant {
  const queues = plans.flatMap(({ validations }) =>
    validations.flatMap((validation) => (validation.kind === 'background-work' ? validation.queues : [])),
  );
  const arns = [...new Set(queues.map((queue) => queueArn(scope, queue)))];
  return reading(
    allow(['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], arns),
    // '*': this action knows no resource.
    allow(['cloudwatch:GetMetricData'], arns.length > 0 ? ['*'] : []),
  );
}

/** `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` tells the account; its Region is that of the stack. */
function queueArn(
  scope: Construct,
  { name, url }: { readonly name?: string | undefined; readonly url?: string | undefined },
): string {
  const [resource = '', account] = url?.split('/').reverse() ?? [name];
  return Stack.of(scope).formatArn({
    service: 'sqs',
    resource,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
    ...(account === undefined ? {} : { account }),
  });
}

function monitored(plans: readonly DeployablePlan[]) {
  return plans.flatMap(({ validations }) =>
    validations.flatMap((validation) => (validation.kind === 'monitoring' ? [validation] : [])),
  );
}

function having(kind: ValidationKind, plans: readonly DeployablePlan[]): readonly DeployablePlan[] {
  return plans.filter(({ validations }) => validations.some((validation) => validation.kind === kind));
}

function reading(...statements: readonly Grant['statements'][]): Grant {
  return { statements: statements.flat(), environment: {} };
}
