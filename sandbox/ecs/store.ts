import { documentAt } from '../state.ts';
import type { State } from './records.ts';

export interface Store {
  /** The live state: change it, then say so. */
  readonly state: State;
  /** Has the change written soon, together with its neighbours. */
  changed(): void;
  /** Writes what is not yet written, before anyone is told about it. */
  flush(): void;
}

export function openStore(path: string): Store {
  const document = documentAt<State>(path, nothing());
  const state = document.read();
  let pending: NodeJS.Immediate | undefined;
  return { state, changed, flush };

  function changed(): void {
    pending ??= setImmediate(flush);
  }

  function flush(): void {
    if (!pending) return;
    clearImmediate(pending);
    pending = undefined;
    document.write(state);
  }
}

function nothing(): State {
  return { clusters: {}, taskDefinitions: {}, families: {}, services: {}, tasks: {}, tags: {} };
}
