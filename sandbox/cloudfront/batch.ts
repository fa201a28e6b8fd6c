import { child, childText, type Element, parseXml } from '../s3/xml.ts';
import { cloudFrontError } from './wire.ts';

/** What a client asks to be forgotten. A path may end with `*`, which stands for anything. */
export interface InvalidationBatch {
  readonly callerReference: string;
  readonly paths: readonly string[];
}

const MOST_PATHS = 3_000;
const MOST_PATH_CHARACTERS = 4_000;

/** Throws MalformedXML, InvalidArgument, InconsistentQuantities, BatchTooLarge. */
export function batchFrom(body: Buffer): InvalidationBatch {
  const batch = parseXml(body, 'InvalidationBatch');
  const asked = child(batch, 'Paths');
  const callerReference = childText(batch, 'CallerReference') ?? '';
  if (!asked || callerReference === '')
    throw cloudFrontError('InvalidArgument', 'An invalidation has Paths and a CallerReference.');
  return { callerReference, paths: pathsFrom(asked) };
}

export function hasWildcard(path: string): boolean {
  return path.endsWith('*');
}

function pathsFrom(asked: Element): readonly string[] {
  const paths = (child(asked, 'Items')?.children ?? []).map(({ text }) => text.trim());
  const quantity = childText(asked, 'Quantity');
  if (quantity !== String(paths.length))
    throw cloudFrontError(
      'InconsistentQuantities',
      `The value of Quantity, ${quantity}, and the number of Items, ${paths.length}, do not match.`,
    );
  if (paths.length > MOST_PATHS)
    throw cloudFrontError('BatchTooLarge', `An invalidation has at most ${MOST_PATHS} paths.`);
  if (paths.length === 0 || !paths.every(isPath))
    throw cloudFrontError(
      'InvalidArgument',
      'Your request contains one or more invalid invalidation paths: each begins with / and has * only at its end.',
    );
  return paths;
}

function isPath(path: string): boolean {
  return /^\/[^*\s]*\*?$/.test(path) && path.length <= MOST_PATH_CHARACTERS;
}
