import { VALIDATION_KINDS, type ValidationKind } from '../drill/validation.ts';

/** Every function: its folder below `functions/`, and how long and with how much memory it may run. */
export interface FunctionLimits {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

const QUICK: FunctionLimits = { timeoutSeconds: 15, memoryMb: 512 };
const LONG: FunctionLimits = { timeoutSeconds: 900, memoryMb: 512 };
/** Longer than a validation of a plan may take. */
const VALIDATION: FunctionLimits = { timeoutSeconds: 270, memoryMb: 512 };

/** Longer than the undo of a plan may take. */
const UNDO: FunctionLimits = { timeoutSeconds: 660, memoryMb: 512 };

/** By the name that the state machines and the permissions use. Those that act on the target have the acting time limit. */
export const FUNCTIONS = {
  LoadPlan: QUICK,
  LockTarget: QUICK,
  CheckGuardrails: { ...QUICK, timeoutSeconds: 40 },
  AwaitApproval: QUICK,
  ArmWatchdog: { ...QUICK, timeoutSeconds: 25 },
  DeployKnownBad: QUICK,
  AwaitTrigger: QUICK,
  DecideRollback: QUICK,
  AwaitDecision: QUICK,
  RollBack: QUICK,
  UndoMigration: UNDO,
  AwaitRestored: QUICK,
  SyntheticTransaction: VALIDATION,
  VersionUniformity: VALIDATION,
  ReplicaSchema: VALIDATION,
  DataConsistency: VALIDATION,
  Monitoring: VALIDATION,
  EndpointHealth: VALIDATION,
  BackgroundWork: VALIDATION,
  Sessions: VALIDATION,
  Configuration: VALIDATION,
  CachePurge: VALIDATION,
  CountSideEffects: { ...QUICK, timeoutSeconds: 90 },
  Stabilise: QUICK,
  SealReceipt: { ...QUICK, timeoutSeconds: 60 },
  // It waits nearly all of its time; as it runs as long as the drill, its memory is most of what a drill costs.
  Witness: { ...LONG, memoryMb: 256 },
  ObserveEvent: QUICK,
  StartDrill: QUICK,
  Api: QUICK,
  GuardRemoval: { ...LONG, memoryMb: 256 },
  Watchdog: LONG,
} as const satisfies Record<string, FunctionLimits>;

export type FunctionName = keyof typeof FUNCTIONS;

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

/** Those between trigger and rollback call: kept warm while the trigger is awaited. */
export const WARM_FUNCTIONS: readonly FunctionName[] = ['DecideRollback', 'RollBack', 'AwaitRestored'];

/** `synthetic-transaction` → `SyntheticTransaction`. */
function validationFunction(kind: ValidationKind): FunctionName {
  const name = nameOf(kind);
  if (name in FUNCTIONS) return name as FunctionName;
  throw new Error(`no function is named ${name} for validations of kind ${kind}`);
}

function nameOf(kind: ValidationKind): string {
  return kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What runs once the target is restored, by the kind that the state machine knows it by. */
export function restoredFunctions(): readonly (readonly [kind: string, name: FunctionName])[] {
  // The timeline is judged when the receipt is made, by no function.
  const kinds = VALIDATION_KINDS.filter((kind) => nameOf(kind) in FUNCTIONS);
  return [
    ...kinds.map((kind) => [kind, validationFunction(kind)] as const),
    ['side-effects', 'CountSideEffects'],
  ];
}

/** `RollBack` → `roll-back`. */
export function folderOf(name: FunctionName): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
