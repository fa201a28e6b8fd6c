import type { Sandbox } from '../../sandbox/start.ts';
import type { Outputs } from './stack.ts';
import type { clientsOf } from './world.ts';

/** The deployed product, in an AWS that we did not write, and the shop that it drills. */
export interface Deployed {
  /** Where that AWS is. */
  readonly url: string;
  readonly aws: ReturnType<typeof clientsOf>;
  readonly outputs: Outputs;
  readonly sandbox: Sandbox;
}
