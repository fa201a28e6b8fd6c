import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { FunctionName } from './functions.ts';
import { type MachineName, machineNameOf } from './names.ts';

export type Functions = Readonly<Record<FunctionName, IFunction>>;

const DEFINITIONS: Readonly<Record<MachineName, string>> = {
  drill: 'rollback-drill.asl.json',
  witness: 'witness.asl.json',
};

/** The definition is the file itself; CDK infers no permissions from it, so the role gets those of the functions it names. */
export function drillMachine(scope: Construct, name: MachineName, functions: Functions): StateMachine {
  const definition = readFileSync(
    new URL(`../../statemachines/${DEFINITIONS[name]}`, import.meta.url),
    'utf8',
  );
  const invoked = functionsIn(definition).map((used) => ({ used, arn: functions[used].functionArn }));
  const id = `${name[0]?.toUpperCase()}${name.slice(1)}Machine`;
  const machine = new StateMachine(scope, id, {
    stateMachineName: machineNameOf(scope, name),
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(definition),
    definitionSubstitutions: Object.fromEntries(invoked.map(({ used, arn }) => [`${used}FunctionArn`, arn])),
    // Without execution data: the arguments of waits hold task tokens.
    logs: { destination: logsOf(scope, id, name), level: LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
  machine.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: invoked.map(({ arn }) => arn) }),
  );
  return machine;
}

function functionsIn(definition: string): readonly FunctionName[] {
  const used = [...definition.matchAll(/\$\{(\w+)FunctionArn\}/g)].map((match) => match[1] as FunctionName);
  return [...new Set(used)];
}

/** Log groups of this prefix do not use up the account's resource policy for log deliveries. */
function logsOf(scope: Construct, id: string, name: MachineName): LogGroup {
  return new LogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/vendedlogs/states/${machineNameOf(scope, name)}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
