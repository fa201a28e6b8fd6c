import { KINDS, type KindName } from '../../sandbox/faults/kinds.ts';

/** Calls that a drill made, by `service.operation`. */
export type CallCounts = Readonly<Record<string, number>>;

/** What a clean drill did: cases are made from it. */
export interface Recording {
  readonly calls: CallCounts;
  /** Task states, in the order in which they were entered. */
  readonly states: readonly string[];
}

/** What is done to one drill. */
export type RealCase =
  | { readonly kind: 'clean' }
  | { readonly kind: 'call'; readonly operation: string; readonly nth: number; readonly fault: KindName }
  /** A person stops the execution as soon as it enters the state. */
  | { readonly kind: 'stopped'; readonly state: string };

export function nameOf(each: RealCase): { readonly what: string; readonly fault: string } {
  switch (each.kind) {
    case 'clean':
      return { what: 'a whole drill', fault: 'none' };
    case 'call':
      return { what: `${each.operation} #${each.nth}`, fault: each.fault };
    case 'stopped':
      return { what: each.state, fault: 'execution stopped' };
    default:
      return each satisfies never;
  }
}

/** `reset` is the other name of `unreachable`. */
const FAULTS = (Object.keys(KINDS) as readonly KindName[]).filter((kind) => kind !== 'reset');

/** Every state is stopped once; what is left of the number goes evenly over operations and kinds of faults. */
export function casesFrom({ calls, states }: Recording, number: number): readonly RealCase[] {
  const stopped = [...new Set(states)].map((state) => ({ kind: 'stopped', state }) as const);
  const operations = Object.entries(calls).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const left = Math.max(0, number - stopped.length);
  const broken = Array.from({ length: left }, (_, index) => callCase(operations, index));
  return [...stopped, ...broken];
}

/** Each round over the operations begins with another kind, so that an operation meets them one by one. */
function callCase(operations: readonly (readonly [string, number])[], index: number): RealCase {
  const round = Math.floor(index / operations.length);
  const place = index % operations.length;
  const [operation, count] = operations[place] as readonly [string, number];
  const fault = FAULTS[(place * 4 + round) % FAULTS.length] as KindName;
  return { kind: 'call', operation, nth: 1 + ((index * 7) % count), fault };
}
