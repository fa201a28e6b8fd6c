import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { TargetArns } from '../targets.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';

/*
 * What a drill does with the ECS services and the pipelines that the deployed plans name, and with no other. Without a plan,
 * nothing. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
 */

export function capture({ targets }: Surroundings): Grant {
  return granted(
    describeService(targets.services),
    allow(['ecs:DescribeServiceRevisions'], [...targets.services, ...targets.serviceRevisions]),
    describeTaskDefinition(targets.services),
    allow(['codepipeline:GetPipeline'], targets.pipelines.all),
    readPipeline(targets),
  );
}

/** How the services and pipelines are set up, to compare it with what was rehearsed. */
export function readPath({ targets }: Surroundings): Grant {
  return granted(
    describeService(targets.services),
    allow(['codepipeline:GetPipeline'], targets.pipelines.all),
  );
}

export function observe({ targets }: Surroundings): Grant {
  const { services, serviceDeployments, clusters, tasks, pipelines } = targets;
  return granted(
    describeService(services),
    allow(['ecs:ListServiceDeployments'], services),
    allow(['ecs:DescribeServiceDeployments'], [...services, ...serviceDeployments]),
    // '*': the resource of this action is a container instance, which a service on Fargate has not; the cluster limits it.
    allow(['ecs:ListTasks'], clusters.length > 0 ? ['*'] : [], {
      ArnEquals: { 'ecs:cluster': [...clusters] },
    }),
    allow(['ecs:DescribeTasks'], tasks),
    // A stage that is rolled back registers a new revision of what it deployed before.
    describeTaskDefinition(pipelines.services),
    readPipeline(targets),
  );
}

/** The known-bad deployment of a drill, whoever has started it. */
export function findKnownBad({ targets }: Surroundings): Grant {
  const { services, directServices, serviceRevisions } = targets;
  return granted(
    describeService(services),
    allow(['ecs:DescribeServiceRevisions'], [...services, ...serviceRevisions]),
    allow(['ecs:ListServiceDeployments'], directServices),
    describeTaskDefinition(services),
    readPipeline(targets),
  );
}

export function deploy(surroundings: Surroundings): Grant {
  const { directServices, overrides, pipelines } = surroundings.targets;
  return granted(
    findKnownBad(surroundings).statements,
    allow(['ecs:UpdateService'], directServices),
    allow(['ecs:RegisterTaskDefinition'], overrides),
    allow(['ecs:TagResource'], overrides, {
      StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
    }),
    passTaskRoles(surroundings, directServices),
    allow(['codepipeline:StartPipelineExecution'], pipelines.all),
    allow(['codepipeline:DisableStageTransition'], pipelines.keptStages),
  );
}

export function rollBack(surroundings: Surroundings): Grant {
  const { services, serviceDeployments, pipelines } = surroundings.targets;
  return granted(
    allow(['ecs:UpdateService'], services),
    allow(['ecs:StopServiceDeployment'], [...services, ...serviceDeployments]),
    passTaskRoles(surroundings, services),
    allow(['codepipeline:RollbackStage'], pipelines.deployStages),
    allow(['codepipeline:StartPipelineExecution', 'codepipeline:StopPipelineExecution'], pipelines.all),
  );
}

export function tidyUp({ targets }: Surroundings): Grant {
  const { overrides, pipelines } = targets;
  return granted(
    allow(
      ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'],
      // '*': these actions know no resource. Deregistered task definitions still run and can be described.
      overrides.length > 0 ? ['*'] : [],
    ),
    allow(['codepipeline:EnableStageTransition'], pipelines.keptStages),
    allow(['codepipeline:StopPipelineExecution'], pipelines.all),
    readPipeline(targets),
  );
}

function readPipeline({ pipelines }: TargetArns): readonly PolicyStatement[] {
  const actions = [
    'GetPipelineExecution',
    'GetPipelineState',
    'ListActionExecutions',
    'ListPipelineExecutions',
  ];
  return allow(
    actions.map((action) => `codepipeline:${action}`),
    pipelines.all,
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
function passTaskRoles({ scope }: Surroundings, services: readonly string[]): readonly PolicyStatement[] {
  const roles = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: '*',
  });
  return allow(['iam:PassRole'], services.length > 0 ? [roles] : [], {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
}

function granted(...statements: readonly (readonly PolicyStatement[])[]): Grant {
  return { statements: statements.flat(), environment: {} };
}
