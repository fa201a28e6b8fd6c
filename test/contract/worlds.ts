import { awsWorld } from './aws-world.ts';
import { memoryWorld } from './memory-world.ts';

/** The adapters on the sandbox, and the stores in memory that stand for them where time is simulated. */
export const WORLDS = [
  ['AWS', awsWorld],
  ['memory', memoryWorld],
] as const;
