import type { JsonObject, Operation } from '../aws/protocol.ts';
import type { ExecutionRecord } from './execution-store.ts';
import type { Executions } from './executions.ts';
import { wireEvent } from './history.ts';
import { invalid, limitedText, optionalText, requiredArn } from './members.ts';
import { pageOf } from './pages.ts';
import type { StateMachines } from './state-machines.ts';

export function executionOperations(
  stateMachines: StateMachines,
  executions: Executions,
): Readonly<Record<string, Operation>> {
  const found = (input: JsonObject) => executions.get(requiredArn(input, 'executionArn', 'execution'));
  return {
    StartExecution(input) {
      const stateMachineArn = requiredArn(input, 'stateMachineArn', 'stateMachine');
      const name = optionalText(input, 'name');
      const started = executions.start(stateMachineArn, optionalText(input, 'input') ?? '{}', name);
      return { executionArn: started.executionArn, startDate: started.startDate / 1000 };
    },
    DescribeExecution: (input) => describe(found(input)),
    ListExecutions(input) {
      if (input.mapRunArn !== undefined) throw invalid("'mapRunArn' is not supported by the sandbox");
      const machine = stateMachines.get(requiredArn(input, 'stateMachineArn', 'stateMachine'));
      const status = optionalText(input, 'statusFilter');
      const wanted = executions
        .list(machine)
        .filter((item) => status === undefined || item.status === status);
      const { items, ...next } = pageOf(wanted, (item) => item.executionArn, input);
      return { executions: items.map(summarise), ...next };
    },
    StopExecution(input) {
      const { executionArn } = found(input);
      const error = limitedText(input, 'error', 256);
      const { stopDate } = executions.stop(executionArn, error, limitedText(input, 'cause', 32_768));
      return { stopDate: stopDate === undefined ? undefined : stopDate / 1000 };
    },
    GetExecutionHistory(input) {
      const { history } = found(input);
      const ordered = input.reverseOrder === true ? [...history].reverse() : history;
      const { items, ...next } = pageOf(ordered, (event) => String(event.id), input);
      const data = input.includeExecutionData === false ? 'without-data' : 'with-data';
      return { events: items.map((event) => wireEvent(event, data)), ...next };
    },
  };
}

function summarise({ executionArn, stateMachineArn, name, status, ...dates }: ExecutionRecord): object {
  return {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate: dates.startDate / 1000,
    stopDate: dates.stopDate === undefined ? undefined : dates.stopDate / 1000,
    redriveCount: 0,
  };
}

function describe(record: ExecutionRecord): object {
  const { input, output, error, cause } = record;
  return {
    ...summarise(record),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    error,
    cause,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'The sandbox does not redrive executions',
  };
}
