import { createHash } from 'node:crypto';

/** What Step Functions adds to JSONata, with JSONata signatures. Arguments out of range give nothing (undefined), as on AWS. */
export const STEP_FUNCTIONS_EXTRAS: readonly {
  readonly name: string;
  readonly signature: string;
  readonly implementation: (first?: never, second?: never, third?: never) => unknown;
}[] = [
  { name: 'partition', signature: '<an:x>', implementation: partition },
  { name: 'range', signature: '<nnn?:x>', implementation: range },
  { name: 'hash', signature: '<ss?:x>', implementation: hash },
  { name: 'random', signature: '<n?:n>', implementation: random },
  { name: 'uuid', signature: '<:s>', implementation: () => crypto.randomUUID() },
  { name: 'parse', signature: '<s:x>', implementation: parse },
];

/** AWS refuses one element more. */
const RANGE_LIMIT = 360_145;

const ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

function partition(array?: readonly unknown[], chunkSize = 0): unknown {
  const size = Math.trunc(chunkSize);
  if (array === undefined || array.length === 0 || size <= 0) return undefined;
  const chunks = Math.ceil(array.length / size);
  return Array.from({ length: chunks }, (_, index) => array.slice(index * size, (index + 1) * size));
}

function range(first?: number, last?: number, step?: number): unknown {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  const length = by === 0 ? 0 : Math.floor((to - from) / by) + 1;
  if (length <= 0) return undefined;
  if (length > RANGE_LIMIT) throw new Error('Expression evaluation memory limit exceeded');
  const values = Array.from({ length }, (_, index) => from + index * by);
  return values.length === 1 ? values[0] : values;
}

function hash(text?: string, algorithm?: string): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  if (!ALGORITHMS.includes(algorithm))
    throw new Error(`$hash does not know the algorithm '${algorithm}'. It knows: ${ALGORITHMS.join(', ')}.`);
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}

/** With a seed: the same number every time, though not the number that AWS draws for that seed. */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
}

function parse(text?: string): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
