/** Every wait of the control plane, so that closing it ends them all. */
export interface Timers {
  /** A second wait of the same key replaces the first one. */
  set(key: string, ms: number, action: () => void): void;
  has(key: string): boolean;
  cancel(key: string): void;
  /** Never resolves once the timers are closed. */
  delay(ms: number): Promise<void>;
  close(): void;
}

/** Node takes longer waits for none at all. */
const LONGEST_MS = 2_147_483_647;

export function startTimers(): Timers {
  const running = new Map<string, NodeJS.Timeout>();
  let closed = false;
  const timers: Timers = {
    set(key, ms, action) {
      timers.cancel(key);
      if (closed) return;
      const expire = () => {
        running.delete(key);
        action();
      };
      running.set(key, setTimeout(expire, Math.min(Math.max(0, ms), LONGEST_MS)));
    },
    has: (key) => running.has(key),
    cancel(key) {
      clearTimeout(running.get(key));
      running.delete(key);
    },
    delay: (ms) => new Promise((resolve) => timers.set(crypto.randomUUID(), ms, resolve)),
    close() {
      closed = true;
      for (const timer of running.values()) clearTimeout(timer);
      running.clear();
    },
  };
  return timers;
}
