import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { restoredFunctions } from '../functions.ts';
import {
  deadlineArns,
  executionArnsOf,
  functionArnOf,
  machineArnOf,
  scheduleGroupOf,
  warmFunctionArns,
} from '../names.ts';
import type { Grant, Surroundings } from './grant.ts';

/** Ends a wait of the state machine. */
export function answerWaits(_: Surroundings): Grant {
  return {
    statements: [
      new PolicyStatement({
        actions: ['states:SendTaskSuccess', 'states:SendTaskHeartbeat'],
        // '*': these actions know no resource; whoever has the token may use it, and tokens lie in our table only.
        resources: ['*'],
      }),
    ],
    environment: {},
  };
}

export function startWitness({ scope }: Surroundings): Grant {
  const machine = machineArnOf(scope, 'witness');
  return {
    statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine] })],
    environment: { WITNESS_STATE_MACHINE_ARN: machine },
  };
}

export function startDrills({ scope }: Surroundings): Grant {
  const machine = machineArnOf(scope, 'drill');
  return {
    statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine] })],
    environment: { DRILL_STATE_MACHINE_ARN: machine },
  };
}

export function stopDrills({ scope }: Surroundings): Grant {
  const resources = [executionArnsOf(scope, 'drill')];
  return {
    statements: [new PolicyStatement({ actions: ['states:StopExecution'], resources })],
    environment: {},
  };
}

export function armDeadline(surroundings: Surroundings): Grant {
  const { scope, schedulerRoleArn } = surroundings;
  return {
    statements: [
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'],
        resources: [deadlineArns(scope)],
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [schedulerRoleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    ],
    environment: deadlineVariables(surroundings),
  };
}

/** What the deadline carries is read when the other stores cannot be. */
export function readDeadline(surroundings: Surroundings): Grant {
  const resources = [deadlineArns(surroundings.scope)];
  return {
    statements: [new PolicyStatement({ actions: ['scheduler:GetSchedule'], resources })],
    environment: deadlineVariables(surroundings),
  };
}

export function disarmDeadline(surroundings: Surroundings): Grant {
  const resources = [deadlineArns(surroundings.scope)];
  return {
    statements: [new PolicyStatement({ actions: ['scheduler:DeleteSchedule'], resources })],
    environment: deadlineVariables(surroundings),
  };
}

/** An undo that the rollback waits for stands between trigger and rollback call, too. */
export function warmUp({ scope, plans }: Surroundings): Grant {
  const isUndoneFirst = plans.some(({ migration }) => migration?.when === 'before-rollback');
  const undo = isUndoneFirst ? [functionArnOf(scope, 'UndoMigration')] : [];
  const resources = [...warmFunctionArns(scope), ...undo];
  return {
    statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })],
    environment: { WARM_FUNCTION_ARNS: resources.join(',') },
  };
}

/** The functions of the validations; those that measure before the drill, and all of them for the watchdog. */
export function runValidations({ scope }: Surroundings): Grant {
  const arns = restoredFunctions().map(([kind, name]) => [kind, functionArnOf(scope, name)] as const);
  return {
    statements: [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: arns.map(([, arn]) => arn) }),
    ],
    environment: { VALIDATION_FUNCTION_ARNS: JSON.stringify(Object.fromEntries(arns)) },
  };
}

/** Who finishes a drill has it sealed by the only function that may. */
export function askSealer({ scope }: Surroundings): Grant {
  const sealer = functionArnOf(scope, 'SealReceipt');
  return {
    statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sealer] })],
    environment: { SEAL_FUNCTION_ARN: sealer },
  };
}

/** To the topic of the stack, and to those that plans name. */
export function announce({ topic, plans }: Surroundings): Grant {
  const own = plans.flatMap(({ notifications }) => notifications.topicArn ?? []);
  const resources = [topic.topicArn, ...new Set(own)];
  return {
    statements: [new PolicyStatement({ actions: ['sns:Publish'], resources })],
    environment: { TOPIC_ARN: topic.topicArn },
  };
}

function deadlineVariables({ scope, schedulerRoleArn }: Surroundings): Grant['environment'] {
  return {
    WATCHDOG_FUNCTION_ARN: functionArnOf(scope, 'Watchdog'),
    SCHEDULER_ROLE_ARN: schedulerRoleArn,
    SCHEDULE_GROUP: scheduleGroupOf(scope),
  };
}
