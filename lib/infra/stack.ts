import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RollbackDrills, type RollbackDrillsProps } from './rollback-drills.ts';

export interface DrillStackProps extends StackProps, RollbackDrillsProps {}

/** A stack of nothing but drills, with the names that people and the command line look for. */
export class DrillStack extends Stack {
  constructor(scope: Construct, id: string, props: DrillStackProps) {
    super(scope, id, { description: 'Scheduled rollback drills', ...props });
    // A construct of this id leaves the logical ids as if its resources stood in the stack itself.
    const drills = new RollbackDrills(this, 'Default', props);
    this.tell({
      StateMachineArn: drills.stateMachine.stateMachineArn,
      WitnessStateMachineArn: drills.witnessStateMachine.stateMachineArn,
      WatchdogFunctionArn: drills.watchdog.functionArn,
      ApiUrl: drills.apiUrl,
      TableName: drills.table.tableName,
      BucketName: drills.receipts.bucketName,
      TopicArn: drills.topic.topicArn,
      SafetySwitchParameter: drills.safetySwitch.parameterName,
    });
  }

  private tell(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
