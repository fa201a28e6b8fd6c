import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CliContext } from './command.ts';
import { withRecords } from './records.ts';

/** Reads records where there are any; `undefined` where no drill ever ran, and then nothing is made either. */
export async function ifStored<T>(context: CliContext, read: () => Promise<T>): Promise<T | undefined> {
  if (!existsSync(join(context.directory, 'sandbox'))) return undefined;
  try {
    return await withRecords(context, read);
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
