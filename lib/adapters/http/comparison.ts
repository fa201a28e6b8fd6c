import { matches } from '../../drill/pattern.ts';
import { kindOf } from './json-path.ts';

/** The value itself, or what it must be compared with. */
export type Expected =
  | string
  | number
  | boolean
  | null
  | { readonly exists: boolean }
  | { readonly above: number }
  | { readonly below: number }
  | { readonly matches: string };

const LONGEST_MATCHED = 8192;

/**
 * How a value falls short of what is expected, as the end of a sentence; `undefined` when it does not. Only numbers that are
 * compared are shown: other values may hold what nobody should read.
 */
export function shortOf(found: unknown, expected: Expected): string | undefined {
  if (typeof expected !== 'object' || expected === null)
    return found === expected ? undefined : differently(found, expected);
  if ('exists' in expected) return existence(found, expected.exists);
  if (found === undefined) return 'is not in the answer';
  if ('matches' in expected) return mismatch(found, expected.matches);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  if (typeof number !== 'number' || Number.isNaN(number)) return `is ${kindOf(found)}, expected a number`;
  if ('above' in expected)
    return number > expected.above ? undefined : `is ${number}, expected above ${expected.above}`;
  return number < expected.below ? undefined : `is ${number}, expected below ${expected.below}`;
}

function existence(found: unknown, exists: boolean): string | undefined {
  if ((found !== undefined) === exists) return undefined;
  return exists ? 'is not in the answer' : 'is in the answer, expected not to be';
}

function mismatch(found: unknown, pattern: string): string | undefined {
  if (!['string', 'number', 'boolean'].includes(typeof found))
    return `is ${kindOf(found)}, expected what matches ${pattern}`;
  const text = String(found);
  if (text.length > LONGEST_MATCHED)
    return `has ${text.length} characters, and at most ${LONGEST_MATCHED} are matched`;
  return matches(pattern, text) ? undefined : `does not match ${pattern}`;
}

function differently(found: unknown, expected: unknown): string {
  if (found === undefined) return 'is not in the answer';
  const [kind, expectedKind] = [kindOf(found), kindOf(expected)];
  return kind === expectedKind ? `is another ${kind} than expected` : `is ${kind}, expected ${expectedKind}`;
}
