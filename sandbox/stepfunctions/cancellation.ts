/** Ends a branch and everything inside it at once, innermost first. Unlike `AbortSignal`, callbacks run in reverse order. */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Returns what takes the callback back. Once cancelled, the callback runs at once. */
  onCancel(callback: () => void): () => void;
  cancel(): void;
  /** Lets the parent forget a branch that has ended. */
  release(): void;
}

export function cancellation(parent?: Cancellation): Cancellation {
  const callbacks = new Set<() => void>();
  let begun = false;
  let cancelled = false;
  let release = () => {};
  const self: Cancellation = {
    get cancelled() {
      return cancelled;
    },
    onCancel(callback) {
      if (begun) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    cancel() {
      if (begun) return;
      begun = true;
      for (const callback of [...callbacks].reverse()) callback();
      cancelled = true;
      callbacks.clear();
    },
    release: () => release(),
  };
  if (parent) release = parent.onCancel(self.cancel);
  return self;
}
