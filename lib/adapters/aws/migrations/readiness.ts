import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Undo } from '../../../drill/plan/plan.ts';
import type { Migrations } from '../../../ports/target.ts';
import type { MigrationClients } from './migrations.ts';

type Readiness = Awaited<ReturnType<Migrations['readiness']>>;

/** Nothing is run. Throws when it cannot be read. */
export function readiness(clients: MigrationClients, undo: Undo): Promise<Readiness> {
  return undo.kind === 'lambda' ? ofFunction(clients, undo) : ofTask(clients, undo);
}

async function ofFunction(
  { lambda }: MigrationClients,
  { functionName }: Extract<Undo, { kind: 'lambda' }>,
): Promise<Readiness> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const found = await lambda.send(command).catch(unless('ResourceNotFoundException'));
  if (!found) return absent(`the function ${functionName}`);
  const { State = 'unknown' } = found;
  return {
    isReady: State === 'Active',
    reason: `the function ${functionName} is ${State}, allowed is Active`,
  };
}

async function ofTask(
  { ecs }: MigrationClients,
  { taskDefinition, container }: Extract<Undo, { kind: 'ecs-task' }>,
): Promise<Readiness> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition });
  const found = (await ecs.send(command).catch(unless('ClientException')))?.taskDefinition;
  if (!found) return absent(`the task definition ${taskDefinition}`);
  const names = found.containerDefinitions?.map(({ name }) => name) ?? [];
  if (container !== undefined && !names.includes(container)) {
    const reason = `the task definition ${taskDefinition} has no container ${container}; it has ${names.join(', ')}`;
    return { isReady: false, reason };
  }
  const { status = 'unknown' } = found;
  const reason = `the task definition ${taskDefinition} is ${status}, allowed is ACTIVE`;
  return { isReady: status === 'ACTIVE', reason };
}

function absent(what: string): Readiness {
  return { isReady: false, reason: `${what} is not there. Create it, or correct the plan.` };
}

function unless(name: string): (error: Error) => undefined {
  return (error) => {
    if (error.name !== name) throw error;
  };
}
