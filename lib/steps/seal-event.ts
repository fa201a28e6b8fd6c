import * as v from 'valibot';
import { StepInput } from './input.ts';

const drillId = v.pipe(v.string(), v.minLength(1));
const Fence = v.nullable(v.record(v.string(), v.number()));

/** The state of the drill itself, or a watchdog that has taken the drill over or found it sealed. */
export const SealEvent = v.union([
  StepInput,
  v.object({ drillId, takenOver: v.object({ fence: Fence }) }),
  v.object({ drillId, isSealed: v.literal(true) }),
]);
