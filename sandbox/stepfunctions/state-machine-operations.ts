import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import type { Executions } from './executions.ts';
import { invalid, limitedText, optionalText, requiredArn, requiredText } from './members.ts';
import { pageOf } from './pages.ts';
import type { StateMachine, StateMachines } from './state-machines.ts';

const DEFINITION_LIMIT = 1_048_576;

/** Logging, tracing, encryption and tags are accepted and ignored. */
export function stateMachineOperations(
  stateMachines: StateMachines,
  executions: Executions,
): Readonly<Record<string, Operation>> {
  return {
    CreateStateMachine(input) {
      refuseUnsupported(input);
      const { stateMachineArn, creationDate } = stateMachines.create({
        name: requiredText(input, 'name'),
        definition: limitedText(input, 'definition', DEFINITION_LIMIT) ?? requiredText(input, 'definition'),
        roleArn: requiredText(input, 'roleArn'),
      });
      return { stateMachineArn, creationDate: creationDate / 1000 };
    },
    UpdateStateMachine(input) {
      refuseUnsupported(input);
      const definition = limitedText(input, 'definition', DEFINITION_LIMIT);
      const roleArn = optionalText(input, 'roleArn');
      const updated = stateMachines.update(requiredArn(input, 'stateMachineArn', 'stateMachine'), {
        ...(definition === undefined ? {} : { definition }),
        ...(roleArn === undefined ? {} : { roleArn }),
      });
      return { updateDate: updated.updateDate / 1000, revisionId: updated.revisionId };
    },
    DescribeStateMachine(input) {
      return describe(stateMachines.get(requiredArn(input, 'stateMachineArn', 'stateMachine')));
    },
    ListStateMachines(input) {
      const { items, ...next } = pageOf(stateMachines.list(), (item) => item.stateMachineArn, input);
      const list = items.map(({ stateMachineArn, name, creationDate }) => {
        return { stateMachineArn, name, type: 'STANDARD', creationDate: creationDate / 1000 };
      });
      return { stateMachines: list, ...next };
    },
    DeleteStateMachine(input) {
      const stateMachineArn = requiredArn(input, 'stateMachineArn', 'stateMachine');
      const found = stateMachines.list().find((machine) => machine.stateMachineArn === stateMachineArn);
      if (!found) return {};
      stateMachines.remove(stateMachineArn);
      executions.removeAll(found);
      return {};
    },
  };
}

function describe(machine: StateMachine): object {
  const { stateMachineArn, name, definition, roleArn, revisionId, creationDate } = machine;
  return {
    stateMachineArn,
    name,
    status: 'ACTIVE',
    definition,
    roleArn,
    type: 'STANDARD',
    creationDate: creationDate / 1000,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    revisionId,
  };
}

function refuseUnsupported(input: JsonObject): void {
  if (input.type !== undefined && input.type !== 'STANDARD')
    throw new AwsError(
      'StateMachineTypeNotSupported',
      `The sandbox runs STANDARD state machines only, not ${String(input.type)}.`,
    );
  if (input.publish === true) throw invalid("'publish' is not supported: the sandbox has no versions");
}
