import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** The process's own time: `Date`, timers and everything built on them. */
export interface Time {
  now(): number;
  /** Starts anew: forgets every timer. */
  reset(atMs: number): void;
  /** Time stands still until the work is done: for what really takes time, like reading a file. */
  whileStill<T>(work: Promise<T>): Promise<T>;
  /** Resolves when no timer is left, or when so much time has passed. */
  untilQuiet(limitMs: number): Promise<'quiet' | 'limit'>;
  /** Whether whoever set a timer is still there when it rings. */
  alive: () => boolean;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly ring: () => unknown;
}

/**
 * Gives this process a time that stands still while anything runs and jumps to the next timer once nothing does, for every
 * module that is loaded afterwards. Only for processes in which everything else happens in memory.
 */
export function simulateTime(): Time {
  const timers = new Map<object, Timer>();
  let [nowMs, order, still, turning] = [0, 0, 0, false];
  let quiet: (() => void) | undefined;
  const [realImmediate, realTimeout] = [setImmediate, setTimeout];
  const RealDate = Date;

  const time: Time = {
    now: () => nowMs,
    alive: () => true,
    reset(atMs) {
      timers.clear();
      quiet = undefined;
      nowMs = atMs;
    },
    async whileStill(work) {
      still += 1;
      try {
        return await work;
      } finally {
        still -= 1;
        turn();
      }
    },
    untilQuiet(limitMs) {
      return new Promise((resolve) => {
        const timer = set(() => resolve('limit'), limitMs);
        quiet = () => {
          quiet = undefined;
          clear(timer);
          resolve('quiet');
        };
      });
    },
  };

  /** What is due is looked for only after everything that was started has come to rest. */
  function turn(): void {
    if (turning || still > 0) return;
    turning = true;
    realImmediate(() =>
      realImmediate(() => {
        turning = false;
        if (still > 0) return;
        if (timers.size === 1 && quiet) return quiet();
        const [handle, timer] = soonest() ?? [];
        if (!handle || !timer) return;
        if (timer.at - nowMs > LEAP_MS && isReading()) return void realTimeout(turn, 1);
        timers.delete(handle);
        nowMs = Math.max(nowMs, timer.at);
        timer.ring();
        turn();
      }),
    );
  }

  function soonest(): [object, Timer] | undefined {
    let first: [object, Timer] | undefined;
    for (const entry of timers) {
      const [a, b] = [entry[1], first?.[1]];
      if (!b || a.at < b.at || (a.at === b.at && a.order < b.order)) first = entry;
    }
    return first;
  }

  function set(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): object {
    const handle: Record<string, unknown> = {};
    for (const name of ['ref', 'unref']) handle[name] = () => handle;
    arm(handle, ms, () => run(...given));
    return handle;
  }

  function arm(handle: object, ms: number, run: () => void): void {
    const delayMs = ms >= 1 ? ms : 1;
    const ring = AsyncLocalStorage.bind(() => time.alive() && run());
    timers.set(handle, { at: nowMs + delayMs, order: order++, ring });
    turn();
  }

  function clear(handle: unknown): void {
    timers.delete(handle as object);
  }

  function repeat(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): object {
    const handle: Record<string, unknown> = {};
    for (const name of ['ref', 'unref']) handle[name] = () => handle;
    const again = (): void => {
      arm(handle, ms, again);
      run(...given);
    };
    arm(handle, ms, again);
    return handle;
  }

  class SimulatedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      super(...((given.length === 0 ? [nowMs] : given) as [number]));
    }
    static override now = (): number => nowMs;
  }

  Object.assign(globalThis, {
    Date: SimulatedDate,
    setTimeout: set,
    clearTimeout: clear,
    setInterval: repeat,
    clearInterval: clear,
  });
  AbortSignal.timeout = (ms) => {
    const limit = new AbortController();
    set(() => limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms);
    return limit.signal;
  };
  const require = createRequire(import.meta.url);
  Object.assign(require('node:timers/promises'), { setTimeout: sleepFor(set, clear) });
  const files = require('node:fs/promises');
  const { readFile } = files;
  files.readFile = (...given: unknown[]) => time.whileStill(readFile(...given));
  syncBuiltinESMExports();
  return time;
}

/** Before a longer leap, what is being read from disk (a module that is loaded late) is waited for. */
const LEAP_MS = 100;

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'));
}

/** `setTimeout` of `node:timers/promises`. */
function sleepFor(
  set: (run: () => void, ms?: number) => object,
  clear: (handle: object) => void,
): (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) => Promise<unknown> {
  return (ms, value, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        clear(handle);
        reject(
          Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }),
        );
      };
      const handle = set(() => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      }, ms);
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
    });
}
