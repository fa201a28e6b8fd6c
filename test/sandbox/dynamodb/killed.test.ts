import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ACCOUNTS, openLedger } from './fixtures/ledger.ts';

const program = fileURLToPath(new URL('fixtures/killed-ledger.ts', import.meta.url));
const ROUNDS = 3;

test.concurrent.each([0, 1, 2, 3, 4, 5, 8, 13])(
  'a transaction that SIGKILL meets after %i turns of the event loop has happened wholly or not at all',
  async (turns) => {
    const directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
    try {
      const acknowledged = await runUntilKilled(directory, turns);
      expect(acknowledged).toBeGreaterThanOrEqual(ROUNDS);
      const ledger = await openLedger(directory);
      const [balance = 0, ...others] = await ledger.balances();
      expect(others).toEqual(Array(ACCOUNTS - 1).fill(balance));
      expect(balance).toBeGreaterThanOrEqual(acknowledged);
      expect(balance).toBeLessThanOrEqual(ROUNDS + 1);
      expect(await ledger.indexed()).toEqual(Array(ACCOUNTS).fill(balance));

      await ledger.raise(ROUNDS + 1);
      expect(await ledger.balances()).toEqual(Array(ACCOUNTS).fill(ROUNDS + 1));
      await ledger.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);

/** The last round that the program had acknowledged when it was killed. */
async function runUntilKilled(directory: string, turns: number): Promise<number> {
  const child = spawn(process.execPath, [program, directory, String(ROUNDS), String(turns)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  expect({ code, signal, errors }).toEqual({ code: null, signal: 'SIGKILL', errors: '' });
  return Number(output.trim().split('\n').at(-1));
}
