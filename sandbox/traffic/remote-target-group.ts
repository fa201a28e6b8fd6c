import type { TargetGroup, TargetHealth } from '../ecs/data-plane.ts';
import type { Command, Report } from './messages.ts';

export interface RemoteTargetGroup extends TargetGroup {
  /** What the traffic process reported. */
  hear(report: Report): void;
  /** The traffic process is gone, and with it every request that was under way. */
  ended(): void;
}

/** The control plane's end of the target group that lives in the traffic process. */
export function remoteTargetGroup(tell: (command: Command) => void): RemoteTargetGroup {
  const registrations = new Map<string, number>();
  const draining = new Map<number, () => void>();
  const listeners: ((targetId: string, health: TargetHealth) => void)[] = [];
  let latest = 0;

  return {
    register(targetId, port) {
      if (registrations.has(targetId)) throw new Error(`The target ${targetId} is registered already.`);
      latest += 1;
      tell({ kind: 'register', registration: latest, targetId, port });
      registrations.set(targetId, latest);
    },
    deregister(targetId) {
      const registration = registrations.get(targetId);
      if (registration === undefined) return Promise.resolve();
      registrations.delete(targetId);
      return new Promise((resolve) => {
        draining.set(registration, resolve);
        tell({ kind: 'deregister', registration });
      });
    },
    onHealthChange(listener) {
      listeners.push(listener);
    },
    hear(report) {
      if (report.kind === 'drained') settle(report.registration);
      if (report.kind !== 'health') return;
      for (const [targetId, registration] of registrations)
        if (registration === report.registration)
          for (const listener of listeners) listener(targetId, report.health);
    },
    ended() {
      registrations.clear();
      for (const registration of draining.keys()) settle(registration);
    },
  };

  function settle(registration: number): void {
    draining.get(registration)?.();
    draining.delete(registration);
  }
}
