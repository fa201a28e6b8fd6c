import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, type Grant, type Surroundings } from './grant.ts';

/*
 * What a drill does with the ECS services that the deployed plans name, and with no other. Without a plan, nothing.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */

export function capture({ targets }: Surroundings): Grant {
  return granted(
    describeService(targets.services),
    allow(['ecs:DescribeServiceRevisions'], [...targets.services, ...targets.serviceRevisions]),
    describeTaskDefinition(targets.services),
  );
}

export function observe({ targets }: Surroundings): Grant {
  const { services, serviceDeployments, clusters, tasks } = targets;
  return granted(
    describeService(services),
    allow(['ecs:ListServiceDeployments'], services),
    allow(['ecs:DescribeServiceDeployments'], [...services, ...serviceDeployments]),
    // '*': the resource of this action is a container instance, which a service on Fargate has not; the cluster limits it.
    allow(['ecs:ListTasks'], clusters.length > 0 ? ['*'] : [], {
      ArnEquals: { 'ecs:cluster': [...clusters] },
    }),
    allow(['ecs:DescribeTasks'], tasks),
  );
}

export function deploy(surroundings: Surroundings): Grant {
  const { services, serviceRevisions, overrides } = surroundings.targets;
  return granted(
    describeService(services),
    allow(['ecs:DescribeServiceRevisions'], [...services, ...serviceRevisions]),
    allow(['ecs:ListServiceDeployments', 'ecs:UpdateService'], services),
    describeTaskDefinition(services),
    allow(['ecs:RegisterTaskDefinition'], overrides),
    allow(['ecs:TagResource'], overrides, {
      StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
    }),
    passTaskRoles(surroundings),
  );
}

export function rollBack(surroundings: Surroundings): Grant {
  const { services, serviceDeployments } = surroundings.targets;
  return granted(
    allow(['ecs:UpdateService'], services),
    allow(['ecs:StopServiceDeployment'], [...services, ...serviceDeployments]),
    passTaskRoles(surroundings),
  );
}

export function tidyUp({ targets }: Surroundings): Grant {
  return granted(
    allow(
      ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'],
      // '*': these actions know no resource. Deregistered task definitions still run and can be described.
      targets.overrides.length > 0 ? ['*'] : [],
    ),
  );
}

function describeService(services: readonly string[]): readonly PolicyStatement[] {
  return allow(['ecs:DescribeServices'], services);
}

function describeTaskDefinition(services: readonly string[]): readonly PolicyStatement[] {
  // '*': this action knows no resource.
  return allow(['ecs:DescribeTaskDefinition'], services.length > 0 ? ['*'] : []);
}

/**
 * A copy of the running task definition has its roles, which are found only when the drill runs. They can be passed to tasks
 * only, and run only as the services that the plans name. A rollback has the same, so that it can never fail for want of it.
 */
function passTaskRoles({ scope, targets }: Surroundings): readonly PolicyStatement[] {
  const roles = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: '*',
  });
  return allow(['iam:PassRole'], targets.services.length > 0 ? [roles] : [], {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
}

function granted(...statements: readonly (readonly PolicyStatement[])[]): Grant {
  return { statements: statements.flat(), environment: {} };
}
