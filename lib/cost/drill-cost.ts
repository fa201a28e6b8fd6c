import { FUNCTIONS, type FunctionName } from '../infra/functions.ts';
import { added, times, type Usage } from './usage.ts';

/** What one real drill used, as it was counted call by call. */
export interface Recording {
  readonly recordedOn: string;
  readonly plan: string;
  /** What lies between two probes. */
  readonly probeIntervalMs: number;
  /** How long it lasted: until the quiet period began, and from then on. */
  readonly seconds: { readonly active: number; readonly quiet: number };
  /** Every function but the witness. Loading a function is billed too. */
  readonly functions: Readonly<
    Record<string, { readonly invocations: number; readonly billedMs: number } | undefined>
  >;
  /** What all but the witness used beside that. */
  readonly once: Usage;
  /** What the witness used in those seconds, beside its own time. */
  readonly witness: { readonly active: Usage; readonly quiet: Usage };
}

/** How long the drill lasts whose cost is asked for, in seconds. */
export interface Lasting {
  readonly activeSeconds: number;
  readonly quietSeconds: number;
}

export interface DrillCost {
  readonly witness: Usage;
  readonly rest: Usage;
}

/** A quiet period of 15 minutes, and five minutes for everything before it: the target of the tier `critical`. */
export const USUAL: Lasting = { activeSeconds: 5 * 60, quietSeconds: 15 * 60 };

/** What a drill of that length uses: the witness as long as it lasts, everything else once. */
export function drillCost(recording: Recording, lasting: Lasting): DrillCost {
  const { active, quiet } = recording.witness;
  const seconds = lasting.activeSeconds + lasting.quietSeconds;
  const watched = added(
    times(active, lasting.activeSeconds / recording.seconds.active),
    times(quiet, lasting.quietSeconds / recording.seconds.quiet),
  );
  return {
    witness: added(watched, ownTime(seconds), { gets: watched.puts ?? 0 }),
    rest: added(recording.once, ...Object.entries(recording.functions).map(runs)),
  };
}

/** One run of the witness's function may last 14 minutes; the state machine enters two states for each. */
const RUN_SECONDS = 14 * 60;

function ownTime(seconds: number): Usage {
  const invocations = Math.ceil(seconds / RUN_SECONDS);
  const gigabyteSeconds = (seconds * FUNCTIONS.Witness.memoryMb) / 1_024;
  return { invocations, gigabyteSeconds, transitions: 2 * invocations + 1, traces: 1 };
}

function runs([name, run]: readonly [string, Recording['functions'][string]]): Usage {
  if (!run) return {};
  if (!(name in FUNCTIONS))
    throw new Error(`the recording names ${name}, which is no function; record again`);
  const { memoryMb } = FUNCTIONS[name as FunctionName];
  const gigabyteSeconds = ((run.billedMs / 1_000) * memoryMb) / 1_024;
  return { invocations: run.invocations, gigabyteSeconds };
}
