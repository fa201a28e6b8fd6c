import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Payload } from './chunked.ts';
import { S3Error } from './errors.ts';

export type Algorithm = keyof typeof algorithms;

export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
}

const algorithms = {
  CRC32: (body: Buffer) => bigEndian(crc32(body)),
  CRC32C: (body: Buffer) => bigEndian(crc32c(body)),
  SHA1: (body: Buffer) => createHash('sha1').update(body).digest('base64'),
  SHA256: (body: Buffer) => createHash('sha256').update(body).digest('base64'),
};
const PREFIX = 'x-amz-checksum-';
const NO_VALUE = new Set(['algorithm', 'mode', 'type'].map((name) => PREFIX + name));

export function checksumOf(algorithm: Algorithm, body: Buffer): Checksum {
  return { algorithm, value: algorithms[algorithm](body) };
}

/** The name that a client asks for an algorithm by. Throws `NotImplemented` for those that the sandbox lacks. */
export function algorithmNamed(name: string): Algorithm {
  const upper = name.toUpperCase();
  if (Object.hasOwn(algorithms, upper)) return upper as Algorithm;
  const message = `The sandbox does not support the checksum algorithm ${name}. It supports: ${Object.keys(algorithms).join(', ')}.`;
  throw new S3Error('NotImplemented', { message });
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [PREFIX + checksum.algorithm.toLowerCase()]: checksum.value, [`${PREFIX}type`]: 'FULL_OBJECT' };
}

/** The checksum as a member of an XML result. */
export function checksumElement(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: 'FULL_OBJECT' } : {};
}

/** Holds a body against every digest that came with it. Returns the checksum that the object is to keep. */
export function verified(
  headers: Readonly<Record<string, string>>,
  { body, trailers }: Payload,
): Checksum | undefined {
  verifyMd5(headers['content-md5'], body);
  verifySha256(headers['x-amz-content-sha256'], body);
  const claims = claimsIn({ ...trailers, ...headers });
  if (claims.length > 1)
    throw new S3Error('InvalidRequest', { message: 'Expecting a single x-amz-checksum- header.' });
  const [claim] = claims;
  requireAnnounced(headers, claim);
  if (claim && checksumOf(claim.algorithm, body).value !== claim.value) {
    const message = `The ${claim.algorithm} you specified did not match the calculated checksum.`;
    throw new S3Error('BadDigest', { message });
  }
  return claim;
}

function claimsIn(headers: Readonly<Record<string, string>>): Checksum[] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith(PREFIX) && !NO_VALUE.has(name))
    .map(([name, value]) => ({ algorithm: algorithmNamed(name.slice(PREFIX.length)), value }));
}

/** A checksum that was announced must come: else a body without its trailer would pass unchecked. */
function requireAnnounced(headers: Readonly<Record<string, string>>, claim: Checksum | undefined): void {
  const trailer = headers['x-amz-trailer']?.toLowerCase();
  if (trailer?.startsWith(PREFIX) && !claim) throw new S3Error('IncompleteBody');
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (!announced) return;
  if (claim?.algorithm === algorithmNamed(announced)) return;
  const message =
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.';
  throw new S3Error('InvalidRequest', { message });
}

function verifyMd5(claimed: string | undefined, body: Buffer): void {
  if (claimed === undefined) return;
  if (Buffer.from(claimed, 'base64').length !== 16) throw new S3Error('InvalidDigest');
  if (createHash('md5').update(body).digest('base64') !== claimed) throw new S3Error('BadDigest');
}

/** The header may also say that the payload is unsigned or streamed; then there is nothing to compare. */
function verifySha256(claimed: string | undefined, body: Buffer): void {
  if (!claimed || !/^[\da-f]{64}$/.test(claimed)) return;
  if (createHash('sha256').update(body).digest('hex') !== claimed)
    throw new S3Error('XAmzContentSHA256Mismatch');
}

function bigEndian(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

const CASTAGNOLI = 0x82f63b78;
const castagnoliTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

function crc32c(body: Buffer): number {
  let value = 0xffffffff;
  for (const byte of body) value = castagnoliTable[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return ~value;
}
