/** Every function: its folder below `functions/`, and how long and with how much memory it may run. */
export interface FunctionLimits {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

const QUICK: FunctionLimits = { timeoutSeconds: 15, memoryMb: 512 };
const LONG: FunctionLimits = { timeoutSeconds: 900, memoryMb: 512 };

/** By the name that the state machines and the permissions use. Those that act on the target have the acting time limit. */
export const FUNCTIONS = {
  LoadPlan: QUICK,
  LockTarget: QUICK,
  CheckGuardrails: { ...QUICK, timeoutSeconds: 30 },
  AwaitApproval: QUICK,
  ArmWatchdog: { ...QUICK, timeoutSeconds: 25 },
  DeployKnownBad: QUICK,
  AwaitTrigger: QUICK,
  DecideRollback: QUICK,
  AwaitDecision: QUICK,
  RollBack: QUICK,
  AwaitRestored: QUICK,
  RunValidation: { ...LONG, timeoutSeconds: 300 },
  Stabilise: QUICK,
  SealReceipt: { ...QUICK, timeoutSeconds: 60 },
  Witness: LONG,
  ObserveEvent: QUICK,
  Watchdog: LONG,
} as const satisfies Record<string, FunctionLimits>;

export type FunctionName = keyof typeof FUNCTIONS;

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

/** Those between trigger and rollback call: kept warm while the trigger is awaited. */
export const WARM_FUNCTIONS: readonly FunctionName[] = ['DecideRollback', 'RollBack', 'AwaitRestored'];

/** `RollBack` → `roll-back`. */
export function folderOf(name: FunctionName): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
