import type { Emit } from '../aws/events.ts';
import type { Truth } from '../truth.ts';
import type { ImageRegistry, LoadBalancers, SecretValues, TaskRunner } from './data-plane.ts';
import type { EcsPace } from './pace.ts';
import type { Store } from './store.ts';
import type { Timers } from './timers.ts';

/** What every part of the control plane works with. */
export interface Plane extends Store {
  readonly images: ImageRegistry;
  readonly secrets: SecretValues;
  readonly runner: TaskRunner;
  readonly loadBalancers: LoadBalancers;
  readonly emit: Emit;
  readonly truth: Truth;
  readonly pace: EcsPace;
  readonly timers: Timers;
  readonly now: () => number;
  /** Has the scheduler look at a service soon. */
  readonly wake: (serviceArn: string) => void;
}
