import { join } from 'node:path';
import { startStores } from '../../sandbox/stores.ts';
import type { CliContext } from './command.ts';
import { attach } from './running.ts';
import { useSandbox } from './settings.ts';

/** Lets a command read records: those of the sandbox that is up, or the stored ones, without starting anything else. */
export async function withRecords<T>({ directory }: CliContext, read: () => Promise<T>): Promise<T> {
  const running = await attach(directory);
  if (running) {
    useSandbox(running.environment);
    return read();
  }
  const stores = await startStores({ directory: join(directory, 'sandbox') });
  try {
    useSandbox(stores.environment);
    return await read();
  } finally {
    await stores.close();
  }
}
