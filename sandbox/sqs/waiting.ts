/** Who waits for something to happen to a queue. */
export interface Waiting {
  wake(): void;
  /** Resolves when woken, when the time is over, or when nobody waits for the answer any more. */
  wait(timeoutMs: number, abandoned: AbortSignal | undefined): Promise<void>;
}

export function waitingRoom(): Waiting {
  const waiting = new Set<() => void>();
  return {
    wake() {
      for (const resolve of [...waiting]) resolve();
    },
    wait(timeoutMs, abandoned) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = (): void => resolve();
      const timer = setTimeout(end, Math.max(timeoutMs, 1));
      waiting.add(end);
      abandoned?.addEventListener('abort', end);
      if (abandoned?.aborted) end();
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(end);
        abandoned?.removeEventListener('abort', end);
      });
    },
  };
}
