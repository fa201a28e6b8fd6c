import { S3Error } from './errors.ts';

interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The bytes that a `Range` header asks for; none when it is absent or, as on S3, asks for several pieces. */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, from, to] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from !== '' && to !== '' && Number(from) > Number(to)) return undefined;
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first > last)
    throw new S3Error('InvalidRange', {
      fields: { RangeRequested: header ?? '', ActualObjectSize: sizeBytes },
      headers: { 'content-range': `bytes */${sizeBytes}` },
    });
  return { first, last };
}
