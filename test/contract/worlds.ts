import { awsWorld, sweptWorld } from './aws-world.ts';
import { memoryWorld } from './memory-world.ts';

/** The adapters on the sandbox, on what stands for its stores in the sweep, and the stores in memory that stand for them where time is simulated. */
export const WORLDS = [
  ['AWS', awsWorld],
  ['AWS with the stores of the sweep', sweptWorld],
  ['memory', memoryWorld],
] as const;
