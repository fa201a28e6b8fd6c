import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { type IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeFindings } from './acknowledgements.ts';
import { baselineAlarms } from './baseline-alarms.ts';
import { bundleFunctions, placePlan } from './bundle.ts';
import { drillDashboard } from './dashboard.ts';
import { drillFunction } from './drill-function.ts';
import { endingEvents, observedEvents } from './events.ts';
import { FUNCTION_NAMES, type FunctionName } from './functions.ts';
import { httpApi } from './http-api.ts';
import { copyBundle, keepBundle } from './kept-bundle.ts';
import { operatingAlarms } from './operating-alarms.ts';
import { type DeployablePlan, deployablePlans } from './plans.ts';
import { receiptsBucket } from './receipts-bucket.ts';
import type { ReceiptsLock } from './receipts-lock.ts';
import { recommendedAlarmsOf } from './recommended-alarms.ts';
import { removalGuard } from './removal-guard.ts';
import { checkRoom } from './room.ts';
import { safetySwitchParameter } from './safety-switch.ts';
import { schedulerRole } from './scheduler-role.ts';
import { schedules } from './schedules.ts';
import { drillMachine } from './state-machines.ts';
import { recordsTable } from './table.ts';
import { targetArns } from './targets.ts';
import { milestonesTopic } from './topic.ts';
import { undeliveredQueue } from './undelivered.ts';

export interface RollbackDrillsProps extends PreparedDrills {
  /** Epoch milliseconds; schedules begin after it. Now, unless it is told. */
  readonly now?: number;
  /** The parameter of a safety switch that is there already, for example that of another stack in the account. */
  readonly safetySwitch?: string;
  /** A year in governance mode, unless it is told. */
  readonly receiptsLock?: ReceiptsLock;
}

export interface PreparedDrills {
  /** Those that are deployed; with none, no service may be touched. */
  readonly plans: readonly DeployablePlan[];
  /** Where the bundles of the functions lie, with the plans beside them. */
  readonly code: string;
}

/**
 * Reads the plans of a directory and bundles the functions. Throws `PlansNotDeployable` with everything that is wrong; plans
 * for the sandbox are passed over. What it made is removed when the process ends.
 */
export async function preparedDrills(plansDirectory: string): Promise<PreparedDrills> {
  const plans = await deployablePlans(plansDirectory, process.env);
  const code = mkdtempSync(join(tmpdir(), 'rollback-drills-'));
  process.once('exit', () => rmSync(code, { recursive: true, force: true }));
  await keepBundle();
  copyBundle(code);
  await bundleFunctions(code);
  for (const plan of plans) await placePlan(code, plan);
  return { plans, code };
}

/** Everything that drills need on AWS, for a stack of your own; one in each stack. Deploying it starts no drill. */
export class RollbackDrills extends Construct {
  readonly stateMachine: StateMachine;
  readonly witnessStateMachine: StateMachine;
  readonly watchdog: IFunction;
  readonly apiUrl: string;
  /** Journals, locks and seals. */
  readonly table: TableV2;
  readonly receipts: Bucket;
  /** Subscribe somebody: where pages would reach nobody, no drill starts. */
  readonly topic: Topic;
  readonly safetySwitch: IStringParameter;
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    { plans, code, now = Date.now(), safetySwitch, receiptsLock }: RollbackDrillsProps,
  ) {
    super(scope, id);
    checkStack(this);
    const targets = targetArns(this, plans);
    checkRoom(targets);
    if (plans.length === 0) warnOfNoPlan(this);
    this.table = recordsTable(this);
    this.receipts = receiptsBucket(this, receiptsLock);
    this.topic = milestonesTopic(this);
    this.safetySwitch = safetySwitchParameter(this, safetySwitch);
    const { queue: undelivered, alarm: undeliveredAlarm } = undeliveredQueue(this, this.topic);
    const { table, receipts: bucket, topic } = this;
    const ownsSafetySwitch = this.safetySwitch instanceof StringParameter;
    const records = { table, bucket, topic, safetySwitch: this.safetySwitch, ownsSafetySwitch };
    const schedulerRoleArn = schedulerRole(this).roleArn;
    const surroundings = { scope: this, plans, targets, ...records, schedulerRoleArn };
    const functions = eachFunction((name) => drillFunction(surroundings, name, code));
    this.watchdog = functions.Watchdog;
    this.stateMachine = drillMachine(this, 'drill', functions);
    this.witnessStateMachine = drillMachine(this, 'witness', functions);
    const alarmsOfPlans = [...recommendedAlarmsOf(this, plans), ...baselineAlarms(this, plans)];
    observedEvents(this, targets, functions.ObserveEvent);
    endingEvents(this, this.stateMachine, functions.Watchdog, undelivered);
    schedules(this, { plans, now }, functions.StartDrill, undelivered);
    this.apiUrl = httpApi(this, functions.Api).url;
    const { stateMachine: drill, watchdog } = this;
    const alarms = [undeliveredAlarm, ...operatingAlarms(this, { drill, watchdog, topic })];
    this.dashboard = drillDashboard(this, { plans, drill, functions, alarms, alarmsOfPlans });
    removalGuard(this, { guard: functions.GuardRemoval, ownsSafetySwitch });
    acknowledgeFindings(this);
  }
}

/** Somebody who deploys this may wonder why no drill can be started. */
function warnOfNoPlan(drills: RollbackDrills): void {
  Annotations.of(drills).addWarningV2(
    'rollback-drills:no-plan',
    'No plan is deployed, so that no drill can be started. Plans whose environment is `sandbox` are never deployed: give a plan another environment, and name its folder (DRILL_PLANS_DIR).',
  );
}

/** Names of functions have at most 64 characters. */
const LONGEST_STACK_NAME = 64 - Math.max(...FUNCTION_NAMES.map(({ length }) => length)) - 1;

/** Functions and state machines have the stack's name in theirs, so that each can be allowed to call the others. */
function checkStack(drills: RollbackDrills): void {
  const { stackName, node } = Stack.of(drills);
  const others = node.findAll().filter((one) => one instanceof RollbackDrills && one !== drills);
  if (others.length > 0)
    throw new Error(
      `${node.path} has RollbackDrills already: ${others[0]?.node.path}. Give all plans to one, or use another stack.`,
    );
  if (Token.isUnresolved(stackName))
    throw new Error(
      `${drills.node.path} is in a stack whose name is not known yet. Put it into a stack that is not nested.`,
    );
  if (stackName.length > LONGEST_STACK_NAME)
    throw new Error(
      `The stack's name ${stackName} has ${stackName.length} characters; at most ${LONGEST_STACK_NAME} are allowed, because it begins the names of functions. Give the stack a shorter stackName.`,
    );
}

function eachFunction<Made>(make: (name: FunctionName) => Made): Record<FunctionName, Made> {
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, make(name)])) as Record<FunctionName, Made>;
}
