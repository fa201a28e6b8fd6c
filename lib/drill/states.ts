/** The states of a drill, in the order in which a drill that goes well visits them. */
export const STATES = [
  'LoadPlan',
  'LockTarget',
  'CheckGuardrails',
  'AwaitApproval',
  'ArmWatchdog',
  'DeployKnownBad',
  'AwaitTrigger',
  'DecideRollback',
  'AwaitDecision',
  'RollBack',
  'UndoMigration',
  'AwaitRestored',
  'Validate',
  'Stabilise',
  'SealReceipt',
] as const;

export type StateName = (typeof STATES)[number];

/** What the witness is to look for right now. */
export const PHASES = [
  'steady-state',
  'awaiting-approval',
  'awaiting-trigger',
  'deciding',
  'rolling-back',
  'restoring',
  'stabilising',
  'over',
] as const;

export type Phase = (typeof PHASES)[number];
