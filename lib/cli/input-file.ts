import { createReadStream } from 'node:fs';

export type InputFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The parser refuses plans of more than 256 KB and says so; a little more is read so that it can. */
export const MOST_PLAN_BYTES = 512 * 1024;

/** The text of a file that a person named: UTF-8, at most so many bytes, also from a pipe. Never throws. */
export async function readInput(path: string, mostBytes: number): Promise<InputFile> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: mostBytes })) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > mostBytes) return unreadable(`it is longer than the ${mostBytes} bytes that are read`);
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return unreadable(reasonFor(error as NodeJS.ErrnoException));
  }
}

function reasonFor({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not text in UTF-8';
    default:
      return message;
  }
}

function unreadable(reason: string): InputFile {
  return { kind: 'unreadable', reason };
}
