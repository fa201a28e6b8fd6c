import { setTimeout as sleep } from 'node:timers/promises';
import { journal, waits } from '../adapters/aws/wiring/records.ts';
import type { Abort } from '../ports/drills.ts';
import { abort as abortDrill } from '../steps/abort.ts';
import type { CliContext } from './command.ts';

/** An execution that was just started opens its drill within this time. */
const OPENED_WITHIN_MS = 10_000;
/** Whatever asks a process to end. Node would answer SIGUSR1 with its debugger, the others would leave the target as it is. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
const INTERRUPTED = 130;
/** A signal to the whole process group comes twice: by itself, and from the process that has started this one. */
const SAME_MS = 1_000;

/** The first signal aborts the drill, which restores and seals before this process ends; the second one ends it at once. */
export function abortOnSignal({ err }: CliContext, drillId: string, by: string): () => void {
  return onSignals(err, {
    ask: (signal) => requestAbort(drillId, { by, reason: `aborted by ${by} (${signal})` }),
    left: `Drill ${drillId} is left as it is: 'drill recover' restores the target and seals the receipt.`,
  });
}

export interface Interruption {
  /** Asks for the end of the drill. */
  readonly ask: (signal: NodeJS.Signals) => Promise<void>;
  /** What becomes of the drill when this process ends at once. */
  readonly left: string;
}

/** Answers what stops listening. */
export function onSignals(err: NodeJS.WriteStream, { ask, left }: Interruption): () => void {
  let askedAt: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    const sinceMs = performance.now() - (askedAt ?? Number.NEGATIVE_INFINITY);
    if (sinceMs < SAME_MS) return;
    if (askedAt !== undefined) {
      err.write(`\nEnded at once. ${left}\n`);
      process.exit(INTERRUPTED);
    }
    askedAt = performance.now();
    err.write(`\n${signal}: the drill is aborted; the target is restored first. Once more ends at once.\n`);
    ask(signal).catch((error: Error) => err.write(`The abort could not be recorded: ${error.message}\n`));
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}

async function requestAbort(drillId: string, abort: Abort): Promise<void> {
  const deadline = Date.now() + OPENED_WITHIN_MS;
  for (;;) {
    try {
      return void (await abortDrill({ journal: journal(), waits: waits() }, drillId, abort));
    } catch (error) {
      if ((error as Error).name !== 'DrillNotFound' || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
