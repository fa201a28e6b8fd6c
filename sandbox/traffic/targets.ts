import { Agent } from 'node:http';
import type { TargetHealth } from '../ecs/data-plane.ts';

/** One stay of a target in the target group. */
export interface Target {
  readonly registration: number;
  readonly targetId: string;
  readonly port: number;
  readonly agent: Agent;
  health: TargetHealth | 'initial';
  /** As its answers say; `undefined` before the first one. */
  release: string | undefined;
  requestsUnderWay: number;
}

/** The target group inside the traffic process: who is in, who is healthy, whose turn it is. */
export interface Targets {
  add(registration: number, targetId: string, port: number): Target;
  has(target: Target): boolean;
  /** No new requests from now on. Resolves when none is under way any more, or when the time is over: those left are cut off then. */
  drain(registration: number): Promise<void>;
  /** The next healthy target in turn. */
  next(): Target | undefined;
  healthy(): readonly Target[];
  all(): readonly Target[];
}

const DRAIN_CHECK_MS = 5;

export function targetGroup({ deregistrationDelayMs }: { deregistrationDelayMs: number }): Targets {
  const members = new Map<number, Target>();
  let turn = 0;
  const healthy = (): Target[] => [...members.values()].filter(({ health }) => health === 'healthy');

  return {
    add(registration, targetId, port) {
      const target: Target = {
        registration,
        targetId,
        port,
        agent: new Agent({ keepAlive: true }),
        health: 'initial',
        release: undefined,
        requestsUnderWay: 0,
      };
      members.set(registration, target);
      return target;
    },
    has: ({ registration }) => members.has(registration),
    async drain(registration) {
      const target = members.get(registration);
      if (!target) return;
      members.delete(registration);
      await untilIdle(target, Date.now() + deregistrationDelayMs);
      target.agent.destroy();
    },
    next() {
      const candidates = healthy();
      turn = (turn + 1) % Math.max(candidates.length, 1);
      return candidates[turn];
    },
    healthy,
    all: () => [...members.values()],
  };
}

async function untilIdle(target: Target, deadlineMs: number): Promise<void> {
  while (target.requestsUnderWay > 0 && Date.now() < deadlineMs)
    await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
}
