/** A state machine definition, as `parseDefinition` lets it through: JSONata only, every target known. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  /** Of the whole execution; only the outermost machine may have it. */
  readonly TimeoutSeconds?: number;
}

export type State =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** What may shape the output of a state, of a choice rule or of a catcher. Values are templates: JSON with `{% … %}` strings. */
export interface Produces {
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
}

export interface Recovers {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'NONE' | 'FULL';
}

export interface Catcher extends Produces {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

interface Leads {
  readonly Next?: string;
  readonly End?: true;
}

export interface TaskState extends Produces, Recovers, Leads {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: unknown;
  readonly TimeoutSeconds?: unknown;
  readonly HeartbeatSeconds?: unknown;
}

export interface ChoiceRule extends Produces {
  readonly Condition: unknown;
  readonly Next: string;
}

export interface ChoiceState extends Produces {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends Produces, Leads {
  readonly Type: 'Wait';
  readonly Seconds?: unknown;
  readonly Timestamp?: unknown;
}

export interface PassState extends Produces, Leads {
  readonly Type: 'Pass';
}

export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Output?: unknown;
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: unknown;
  readonly Cause?: unknown;
}

export interface ParallelState extends Produces, Recovers, Leads {
  readonly Type: 'Parallel';
  readonly Arguments?: unknown;
  readonly Branches: readonly Machine[];
}

export interface MapState extends Produces, Recovers, Leads {
  readonly Type: 'Map';
  readonly Items?: unknown;
  readonly ItemSelector?: unknown;
  readonly MaxConcurrency?: unknown;
  readonly ItemProcessor: Machine;
}
