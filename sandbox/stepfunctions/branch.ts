import type { Machine } from './asl.ts';
import { type Cancellation, cancellation } from './cancellation.ts';
import type { History } from './history.ts';
import type { Services } from './integrations.ts';
import type { Payload } from './payload.ts';
import type { Tokens } from './tokens.ts';
import type { Variables } from './variables.ts';

/** What all branches of one execution share. */
export interface Run {
  readonly services: Services;
  readonly tokens: Tokens;
  readonly history: History;
  readonly now: () => number;
  /** `$states.context.Execution` and `.StateMachine`. */
  readonly context: { readonly Execution: ExecutionContext; readonly StateMachine: object };
  readonly runMachine: (machine: Machine, input: Payload, branch: Branch) => Promise<Payload>;
}

export interface ExecutionContext {
  readonly Id: string;
  readonly Name: string;
  readonly Input: unknown;
  readonly RoleArn: string;
  readonly StartTime: string;
  readonly RedriveCount: number;
}

export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/** One thread of control: the execution itself, a branch of a Parallel state, an iteration of a Map state. */
export interface Branch {
  readonly run: Run;
  readonly cancellation: Cancellation;
  readonly mapItem: MapItem | undefined;
  variables: Variables;
  lastEventId: number;
}

export function mainBranch(run: Run): Branch {
  return { run, cancellation: cancellation(), mapItem: undefined, variables: {}, lastEventId: 0 };
}

/** Reads the outer variables as they are now; what it assigns stays inside. */
export function innerBranch(outer: Branch, siblings: Cancellation, mapItem = outer.mapItem): Branch {
  return { ...outer, mapItem, cancellation: cancellation(siblings) };
}

/** Appends to the history, unless the branch has been told to end. */
export function record(branch: Branch, type: string, details?: Readonly<Record<string, unknown>>): number {
  if (branch.cancellation.cancelled) return 0;
  branch.lastEventId = branch.run.history.append(type, branch.lastEventId, details);
  return branch.lastEventId;
}
