import { restoredFunctions } from '../infra/functions.ts';

/** Names that the product's resources have in the sandbox. On AWS the stack chooses them. */
export const RESOURCES = {
  table: 'rollback-drills',
  bucket: 'rollback-drills-receipts',
  topic: 'rollback-drills',
  drillMachine: 'rollback-drill',
  witnessMachine: 'rollback-drill-witness',
  safetySwitch: '/rollback-drills/safety-switch',
} as const;

const REGION_AND_ACCOUNT = 'us-east-1:000000000000';

export const ARNS = {
  topic: `arn:aws:sns:${REGION_AND_ACCOUNT}:${RESOURCES.topic}`,
  drillMachine: `arn:aws:states:${REGION_AND_ACCOUNT}:stateMachine:${RESOURCES.drillMachine}`,
  witnessMachine: `arn:aws:states:${REGION_AND_ACCOUNT}:stateMachine:${RESOURCES.witnessMachine}`,
  function: (name: string) => `arn:aws:lambda:${REGION_AND_ACCOUNT}:function:${name}`,
  schedulerRole: 'arn:aws:iam::000000000000:role/rollback-drills-scheduler',
} as const;

/** What the functions, and the command line as their peer, find in their environment. */
export function productEnvironment(): Readonly<Record<string, string>> {
  return {
    TABLE_NAME: RESOURCES.table,
    BUCKET_NAME: RESOURCES.bucket,
    TOPIC_ARN: ARNS.topic,
    DRILL_STATE_MACHINE_ARN: ARNS.drillMachine,
    WITNESS_STATE_MACHINE_ARN: ARNS.witnessMachine,
    WATCHDOG_FUNCTION_ARN: ARNS.function('Watchdog'),
    SEAL_FUNCTION_ARN: ARNS.function('SealReceipt'),
    SCHEDULER_ROLE_ARN: ARNS.schedulerRole,
    SAFETY_SWITCH_PARAMETER: RESOURCES.safetySwitch,
    ALLOWED_ENVIRONMENTS: 'sandbox,test',
    VALIDATION_FUNCTION_ARNS: JSON.stringify(
      Object.fromEntries(restoredFunctions().map(([kind, name]) => [kind, ARNS.function(name)])),
    ),
  };
}

/** Points this process's AWS clients at a sandbox. */
export function useSandbox(environment: Readonly<Record<string, string>>): void {
  Object.assign(process.env, environment, productEnvironment());
}
