import type { DrillStarts } from '../../../ports/drills.ts';
import type { Sealer } from '../../../ports/sealer.ts';
import type { Validations } from '../../../ports/validations.ts';
import type { Deadline, Executions, Warmer } from '../../../ports/waits.ts';
import type { WitnessRuns } from '../../../ports/witness.ts';
import { systemClock as clock } from '../../clock.ts';
import * as clients from '../clients.ts';
import { scheduledDeadline } from '../deadline.ts';
import { environment, needed } from '../environment.ts';
import { awsExecutions, drillStarts, witnessRuns } from '../executions.ts';
import { invokedSealer } from '../sealer.ts';
import { invokedValidations } from '../validations.ts';
import { lambdaWarmer } from '../warmer.ts';

/* State machines, functions and schedules. */

export function starts(): DrillStarts {
  return drillStarts(clients.sfn(), needed('DRILL_STATE_MACHINE_ARN'));
}

export function executions(): Executions {
  return awsExecutions(clients.sfn());
}

export function witnessMachine(): WitnessRuns {
  return witnessRuns(clients.sfn(), needed('WITNESS_STATE_MACHINE_ARN'));
}

export function deadline(): Deadline {
  const watchdog = {
    functionArn: needed('WATCHDOG_FUNCTION_ARN'),
    roleArn: needed('SCHEDULER_ROLE_ARN'),
    groupName: environment().SCHEDULE_GROUP,
  };
  return scheduledDeadline(clients.scheduler(), watchdog);
}

export function warmer(): Warmer {
  return lambdaWarmer(clients.lambda(), environment().WARM_FUNCTION_ARNS.split(',').filter(Boolean));
}

export function validations(): Validations {
  const functionArns = JSON.parse(environment().VALIDATION_FUNCTION_ARNS) as Readonly<Record<string, string>>;
  return invokedValidations(clients.lambdaPatiently(), functionArns, clock);
}

export function sealer(): Sealer {
  return invokedSealer(clients.lambdaPatiently(), needed('SEAL_FUNCTION_ARN'));
}
