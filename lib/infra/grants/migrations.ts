import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Undo } from '../../drill/plan/plan.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';

/* The undo of the plans that have a migration: exactly the functions and task definitions that they name. */

export function undoMigrations({ scope, plans }: Surroundings): Grant {
  const undos = plans.flatMap(({ migration }) => (migration ? [migration.undo] : []));
  const functions = undos.flatMap((undo) => (undo.kind === 'lambda' ? [functionArn(scope, undo)] : []));
  const tasks = undos.flatMap((undo) => (undo.kind === 'ecs-task' ? [undo] : []));
  const ecs = (resource: string, name: string): string =>
    Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName: name });
  const clusters = distinct(tasks.map(({ cluster }) => cluster));
  return {
    statements: [
      ...allow(['lambda:InvokeFunction'], distinct(functions)),
      ...allow(
        ['ecs:RunTask'],
        distinct(tasks.map(({ taskDefinition }) => taskDefinitionArn(scope, taskDefinition))),
        { ArnEquals: { 'ecs:cluster': clusters.map((cluster) => ecs('cluster', cluster)) } },
      ),
      ...allow(
        ['ecs:DescribeTasks'],
        clusters.map((cluster) => ecs('task', `${cluster}/*`)),
      ),
      ...passTaskRoles(scope, tasks.length > 0),
    ],
    environment: {},
  };
}

/** Whether they are there. */
export function findUndo({ scope, plans }: Surroundings): Grant {
  const undos = plans.flatMap(({ migration }) => (migration ? [migration.undo] : []));
  const functions = undos.flatMap((undo) => (undo.kind === 'lambda' ? [functionArn(scope, undo)] : []));
  return {
    statements: [
      ...allow(['lambda:GetFunctionConfiguration'], distinct(functions)),
      // '*': this action knows no resource.
      ...allow(['ecs:DescribeTaskDefinition'], undos.some(({ kind }) => kind === 'ecs-task') ? ['*'] : []),
    ],
    environment: {},
  };
}

/** The roles of a task definition are found only when it is run; they can be passed to tasks only. */
function passTaskRoles(scope: Surroundings['scope'], isNeeded: boolean): Grant['statements'] {
  const roles = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: '*',
  });
  return allow(['iam:PassRole'], isNeeded ? [roles] : [], {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
}

function functionArn(
  scope: Surroundings['scope'],
  { functionName }: Extract<Undo, { kind: 'lambda' }>,
): string {
  if (functionName.startsWith('arn:')) return functionName;
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat,
  });
}

/** Without a revision the plan means the newest one, whichever that will be. */
function taskDefinitionArn(scope: Surroundings['scope'], name: string): string {
  const revised = /:\d+$/.test(name) ? name : `${name}:*`;
  if (revised.startsWith('arn:')) return revised;
  return Stack.of(scope).formatArn({ service: 'ecs', resource: 'task-definition', resourceName: revised });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
