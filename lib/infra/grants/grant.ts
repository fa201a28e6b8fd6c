import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { DeployablePlan } from '../plans.ts';
import type { TargetArns } from '../targets.ts';

/** What permissions speak of. */
export interface Surroundings {
  readonly scope: Construct;
  readonly plans: readonly DeployablePlan[];
  readonly targets: TargetArns;
  readonly table: TableV2;
  readonly bucket: Bucket;
  readonly topic: Topic;
  /** The parameter that holds the account-wide safety switch. */
  readonly safetySwitch: IStringParameter;
  /** Whether that parameter is made by the stack, and goes with it. */
  readonly ownsSafetySwitch: boolean;
  /** The role with which the scheduler invokes the watchdog. */
  readonly schedulerRoleArn: string;
}

/** What one use of one port needs: its permissions, and the variables without which they are of no use. */
export interface Grant {
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  /** The private network in which the function has to be; none when absent. */
  readonly network?: Network;
}

export interface Network {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** A statement without resources is none. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: PolicyStatementProps['conditions'] = {},
): readonly PolicyStatement[] {
  if (resources.length === 0) return [];
  return [new PolicyStatement({ actions: [...actions], resources: [...resources], conditions })];
}
