import type { Datum } from '../cloudwatch/metrics.ts';
import type { TargetHealth } from '../ecs/data-plane.ts';

/** What the traffic process is told when it starts. */
export interface Settings {
  readonly truthFile: string;
  readonly edgePort: number;
  readonly healthCheck: HealthCheck;
  readonly deregistrationDelayMs: number;
  readonly ignoresPurges: boolean;
  /** What the dimensions of its metrics say. */
  readonly loadBalancer: string;
  readonly targetGroup: string;
}

export interface HealthCheck {
  readonly path: string;
  readonly intervalMs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly timeoutMs: number;
}

/** From the control plane to the traffic process. A registration is one stay of a target in the target group. */
export type Command =
  | {
      readonly kind: 'register';
      readonly registration: number;
      readonly targetId: string;
      readonly port: number;
    }
  | { readonly kind: 'deregister'; readonly registration: number }
  | { readonly kind: 'purge'; readonly purge: number; readonly patterns: readonly string[] }
  | { readonly kind: 'close' };

/** From the traffic process to the control plane. */
export type Report =
  | { readonly kind: 'listening'; readonly edgePort: number; readonly loadBalancerPort: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'health'; readonly registration: number; readonly health: TargetHealth }
  | { readonly kind: 'drained'; readonly registration: number }
  | { readonly kind: 'purged'; readonly purge: number; readonly entries: number }
  | { readonly kind: 'measured'; readonly data: readonly Datum[] };
