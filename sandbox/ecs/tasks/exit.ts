import { constants } from 'node:os';

/** As Docker says it: 128 plus the signal's number for a process that a signal ended. */
export function exitCodeOf({
  exitCode,
  signal,
}: {
  readonly exitCode: number | null;
  readonly signal: string | null;
}): number {
  if (exitCode !== null) return exitCode;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return 128 + (numbers[signal ?? 'SIGKILL'] ?? 0);
}
