import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A function's log: its environments write their output into `file`, the service adds Lambda's own lines. */
export interface FunctionLog {
  readonly file: number;
  line(text: string): void;
  close(): void;
}

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly memoryUsedMb?: number | undefined;
  readonly initDurationMs?: number | undefined;
  readonly status?: 'timeout' | 'error' | undefined;
}

/** Every line is one append to one file, so that lines of several processes never tear each other apart. */
export function functionLog(directory: string, functionName: string): FunctionLog {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, `${functionName}.log`), 'a');
  let open = true;
  return {
    file,
    line: (text) => {
      if (open) writeSync(file, `${text}\n`);
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}

export function reportLine(report: Report): string {
  const parts = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(report.durationMs)} ms`,
    `Memory Size: ${report.memorySizeMb} MB`,
  ];
  if (report.memoryUsedMb !== undefined) parts.push(`Max Memory Used: ${report.memoryUsedMb} MB`);
  if (report.initDurationMs !== undefined)
    parts.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`);
  if (report.status) parts.push(`Status: ${report.status}`);
  return parts.join('\t');
}
