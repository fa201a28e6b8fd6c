import type { ActionResult } from './action.ts';

export interface Ended {
  readonly result: ActionResult;
  /** The ARN of who ended it. */
  readonly by: string;
}

/** What is under way, until it ends by itself, somebody ends it, or nobody waits for it any more. */
export interface LiveActions {
  /** Without a value for what was abandoned. Its signal is aborted then. */
  wait(actionId: string, perform: (signal: AbortSignal) => Promise<Ended>): Promise<Ended | undefined>;
  /** Does nothing for an action that is not under way. */
  end(actionId: string, ended?: Ended): void;
  close(): void;
}

export function openLiveActions(): LiveActions {
  const underWay = new Map<string, (ended?: Ended) => void>();
  return {
    async wait(actionId, perform) {
      const controller = new AbortController();
      const fromOutside = new Promise<Ended | undefined>((resolve) => {
        underWay.set(actionId, (ended) => {
          resolve(ended);
          controller.abort();
        });
      });
      try {
        return await Promise.race([fromOutside, perform(controller.signal)]);
      } finally {
        underWay.delete(actionId);
        controller.abort();
      }
    },
    end: (actionId, ended) => underWay.get(actionId)?.(ended),
    close() {
      for (const end of underWay.values()) end();
    },
  };
}
