import type { Accident, Call, CallFault, FunctionFault } from './accidents.ts';
import type { Invocation } from './aws/functions.ts';
import { isSame } from './calls.ts';

type Outage = Extract<Accident, { kind: 'outage' }>;

/** How far a drill has come, and what is to go wrong next. */
export interface Course {
  /** The state that was entered last. */
  readonly phase: string;
  /** States by the time at which they were first entered. */
  readonly entered: ReadonlyMap<string, number>;
  /** Runs of functions: `RollBack#1`. */
  readonly invocations: readonly string[];
  /** How many accidents have happened. */
  readonly hits: number;
  hit(): void;
  /** A function begins to run. */
  begins(invocation: Invocation): FunctionFault | undefined;
  faultAt(call: Call, isFirst: boolean): CallFault | undefined;
  /** Whether calls of the operation fail now, whoever makes them. */
  isOut(operation: string): boolean;
  /** Nothing goes wrong any more. */
  over(): void;
}

/** Functions that stand beside the drill's states. */
const BESIDE = new Set(['Witness', 'ObserveEvent']);

/** `entering` hears of every visit of a state, and whether it is the first one. */
export function courseOf(
  accidents: readonly Accident[],
  entering: (phase: string, isFirst: boolean) => void,
): Course {
  const entered = new Map<string, number>();
  const invocations: string[] = [];
  let [phase, hits, isOver] = ['LoadPlan', 0, false];
  const meets = ({ from, forMs, operations }: Outage, operation: string): boolean => {
    const since = entered.get(from);
    const isOut = since !== undefined && Date.now() - since < forMs;
    return isOut && operations.some((prefix) => operation.startsWith(prefix));
  };
  const enter = (name: string): void => {
    const isFirst = !entered.has(name);
    phase = name;
    if (isFirst) entered.set(name, Date.now());
    entering(name, isFirst);
  };
  const faultOf = (accident: Accident, call: Call, isFirst: boolean): CallFault | undefined => {
    if (accident.kind === 'outage') return meets(accident, call.operation) ? accident.fault : undefined;
    if (accident.kind !== 'call' || !isSame(accident.call, call)) return undefined;
    return isFirst || accident.attempts === 'all' ? accident.fault : undefined;
  };

  return {
    get phase() {
      return phase;
    },
    get hits() {
      return hits;
    },
    entered,
    invocations,
    hit() {
      hits += 1;
    },
    begins(invocation) {
      invocations.push(`${invocation.name}#${invocation.nth}`);
      if (!BESIDE.has(invocation.name)) enter(invocation.name);
      const fault = isOver ? undefined : functionFault(accidents, invocation);
      if (fault) hits += 1;
      return fault;
    },
    faultAt(call, isFirst) {
      if (isOver) return undefined;
      const fault = accidents
        .map((accident) => faultOf(accident, call, isFirst))
        .find((each) => each !== undefined);
      if (fault) hits += 1;
      return fault;
    },
    isOut: (operation) => accidents.some((each) => each.kind === 'outage' && meets(each, operation)),
    over() {
      isOver = true;
    },
  };
}

function functionFault(accidents: readonly Accident[], { name, nth }: Invocation): FunctionFault | undefined {
  return accidents
    .filter((accident) => accident.kind === 'function')
    .find((accident) => accident.name === name && (accident.nth === 'every' || accident.nth === nth))?.fault;
}
