import { S3Error } from './errors.ts';

export interface Payload {
  readonly body: Buffer;
  /** Headers that came after the body, in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** Takes apart a body in `aws-chunked` encoding. The signatures of chunks are not verified. */
export function decodeChunks(encoded: Buffer): Payload {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const [line, start] = lineAt(encoded, offset);
    const size = line.split(';')[0]?.trim() ?? '';
    if (!/^[\da-f]{1,8}$/i.test(size)) throw new S3Error('IncompleteBody');
    const end = start + Number.parseInt(size, 16);
    if (end === start) return { body: Buffer.concat(chunks), trailers: trailersIn(encoded.subarray(start)) };
    if (encoded.toString('latin1', end, end + 2) !== '\r\n') throw new S3Error('IncompleteBody');
    chunks.push(encoded.subarray(start, end));
    offset = end + 2;
  }
}

function lineAt(encoded: Buffer, offset: number): [line: string, next: number] {
  const end = encoded.indexOf('\r\n', offset);
  if (end < 0) throw new S3Error('IncompleteBody');
  return [encoded.toString('latin1', offset, end), end + 2];
}

function trailersIn(rest: Buffer): Record<string, string> {
  const lines = rest.toString('latin1').split('\r\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = line.match(/^([\w-]+)\s*:\s*(.*?)\s*$/) ?? [];
      return name && value ? [[name.toLowerCase(), value]] : [];
    }),
  );
}
