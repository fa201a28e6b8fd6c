import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { logInto } from '../../../sandbox/processes/log.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('rejects when the file cannot be written, and reads the streams to their end all the same', async () => {
  const stream = text('one', 'two');
  await expect(logInto(join(directory, 'missing', 'log'), 100, [stream])).rejects.toThrow('ENOENT');
  await expect.poll(() => stream.readableEnded).toBe(true);
});

test('writes every stream, and no more than the limit', async () => {
  const path = join(directory, 'log');
  await logInto(path, 10, [text('12345', '678901'), text()]);
  expect(readFileSync(path, 'utf8')).toBe('1234567890\n[the log ends here: 10 bytes is all that is kept]\n');
});

function text(...chunks: string[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}
