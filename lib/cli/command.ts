import type { ParseArgsOptionsConfig } from 'node:util';

/** One command of the CLI, one file each. */
export interface Command {
  readonly name: string;
  /** What follows the name, for example `<plan.yaml>…`. */
  readonly usage: string;
  readonly summary: string;
  /** More lines for `--help`. */
  readonly details?: () => readonly string[];
  readonly options: ParseArgsOptionsConfig;
  run(context: CliContext, args: CliArguments): Promise<number>;
}

export interface CliArguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
}

export interface CliContext {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Holds everything that persists. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const EXIT = { ok: 0, fault: 1, usage: 2 } as const;

/** Something that the user can put right: told without a stack, with exit code 2 unless it says otherwise. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}
