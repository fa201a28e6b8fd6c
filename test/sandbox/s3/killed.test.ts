import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startS3 } from '../../../sandbox/s3/service.ts';

const program = fileURLToPath(new URL('fixtures/writer.ts', import.meta.url));

test.each([0, 1, 2, 3, 5])(
  'an object that SIGKILL interrupts %i ms into its replacement is the old or the new one, whole',
  async (delayMs) => {
    const directory = await mkdtemp(join(tmpdir(), 's3-'));
    const writer = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const stored = await killedAfter(writer, 3, delayMs);
      const { headers, body } = await read(directory);
      const round = Number(headers?.['x-amz-meta-round']);
      expect(round).toBeGreaterThanOrEqual(stored);
      expect(round).toBeLessThanOrEqual(stored + 1);
      expect(Buffer.alloc(4 * 1024 * 1024, String(round).padStart(8, '0')).equals(body)).toBe(true);
      const files = await readdir(join(directory, 's3/bucket/objects'), { recursive: true });
      expect(files.filter((file) => file.includes('.body'))).toHaveLength(1);
    } finally {
      writer.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    }
  },
);

/** Kills the writer a moment after it said that it stored so many rounds. Returns the last round that it told of. */
async function killedAfter(writer: ChildProcess, rounds: number, delayMs: number): Promise<number> {
  let output = '';
  const ended = once(writer, 'close');
  const enough = new Promise<void>((resolve) => {
    writer.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.trim().split('\n').length >= rounds) resolve();
    });
  });
  await Promise.race([enough, ended]);
  await sleep(delayMs);
  writer.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  return Number(output.trim().split('\n').at(-1));
}

async function read(directory: string) {
  const { endpoint } = startS3({ directory });
  const request = { method: 'GET', path: '/bucket/object', query: new URLSearchParams(), headers: {} };
  const { headers, body } = await endpoint({ ...request, body: Buffer.alloc(0) });
  return { headers, body: Buffer.from(body ?? '') };
}
