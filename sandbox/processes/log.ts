import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/**
 * Copies streams into a file, at most `limitBytes`; whatever comes after that is read and dropped. Resolves at their end,
 * rejects when the file could not be written: the streams are read to their end all the same.
 */
export async function logInto(path: string, limitBytes: number, streams: readonly Readable[]): Promise<void> {
  const file = createWriteStream(path, { flags: 'a' });
  let room = limitBytes;
  const copy = async (stream: Readable): Promise<void> => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (room <= 0) continue;
      file.write(chunk.subarray(0, room));
      room -= chunk.length;
      if (room <= 0) file.write(`\n[the log ends here: ${limitBytes} bytes is all that is kept]\n`);
    }
  };
  await Promise.all([finished(file), Promise.all(streams.map(copy)).then(() => file.end())]);
}
