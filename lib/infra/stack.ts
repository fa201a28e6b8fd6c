import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { drillFunction } from './drill-function.ts';
import { endingEvents, observedEvents } from './events.ts';
import { FUNCTION_NAMES, type FunctionName } from './functions.ts';
import { httpApi } from './http-api.ts';
import type { DeployablePlan } from './plans.ts';
import { receiptsBucket } from './receipts-bucket.ts';
import { alarmsOfPlans } from './recommended-alarms.ts';
import { safetySwitchParameter } from './safety-switch.ts';
import { schedulerRole } from './scheduler-role.ts';
import { schedules } from './schedules.ts';
import { drillMachine } from './state-machines.ts';
import { recordsTable } from './table.ts';
import { targetArns } from './targets.ts';
import { milestonesTopic } from './topic.ts';
import { undeliveredQueue } from './undelivered.ts';

export interface DrillStackProps extends StackProps {
  /** Those that are deployed; with none, the stack may not touch any service. */
  readonly plans: readonly DeployablePlan[];
  /** Where the bundles of the functions lie. */
  readonly code: string;
  /** Epoch milliseconds; schedules begin after it. */
  readonly now: number;
}

/** Everything that a drill needs on AWS. Deploying it starts no drill. */
export class DrillStack extends Stack {
  constructor(scope: Construct, id: string, { plans, code, now, ...props }: DrillStackProps) {
    super(scope, id, { description: 'Scheduled rollback drills', ...props });
    const targets = targetArns(this, plans);
    const table = recordsTable(this);
    const bucket = receiptsBucket(this);
    const topic = milestonesTopic(this);
    const undelivered = undeliveredQueue(this, topic);
    const safetySwitch = safetySwitchParameter(this);
    const schedulerRoleArn = schedulerRole(this).roleArn;
    const records = { table, bucket, topic, safetySwitch };
    const surroundings = { scope: this, plans, targets, ...records, schedulerRoleArn };
    const functions = eachFunction((name) => drillFunction(surroundings, name, code));
    const drill = drillMachine(this, 'drill', functions);
    const witness = drillMachine(this, 'witness', functions);
    alarmsOfPlans(this, plans);
    observedEvents(this, targets, functions.ObserveEvent);
    endingEvents(this, drill, functions.Watchdog, undelivered);
    schedules(this, { plans, now }, drill, undelivered);
    const api = httpApi(this, functions.Api);
    this.tell({
      StateMachineArn: drill.stateMachineArn,
      WitnessStateMachineArn: witness.stateMachineArn,
      WatchdogFunctionArn: functions.Watchdog.functionArn,
      ApiUrl: api.url,
      TableName: table.tableName,
      BucketName: bucket.bucketName,
      TopicArn: topic.topicArn,
      SafetySwitchParameter: safetySwitch.parameterName,
    });
  }

  private tell(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

function eachFunction<Made>(make: (name: FunctionName) => Made): Record<FunctionName, Made> {
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, make(name)])) as Record<FunctionName, Made>;
}
