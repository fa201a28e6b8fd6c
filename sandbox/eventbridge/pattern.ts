import { type Condition, compileConditions, invalidPattern, isObject } from './conditions.ts';

/** Tells whether an event matches; never throws. */
export type EventPattern = (event: unknown) => boolean;

const MAX_CHARACTERS = 4096;

/** Compiles EventBridge's pattern language. Throws InvalidEventPatternException. */
export function parsePattern(text: string): EventPattern {
  if (text.length > MAX_CHARACTERS) throw invalidPattern(`It is longer than ${MAX_CHARACTERS} characters`);
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  return compileObject(pattern);
}

/** Of an array of objects one element must match by itself. Whatever has no members matches like an empty object. */
function compileObject(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  const members = entries.map(([key, expected]) =>
    key === '$or' ? compileOr(expected) : compileMember(key, expected),
  );
  const matchesObject = (object: Readonly<Record<string, unknown>>) =>
    members.every((matches) => matches(object));
  return (value) => {
    const objects = [value].flat(Number.POSITIVE_INFINITY).filter(isObject);
    return objects.length === 0 ? matchesObject({}) : objects.some(matchesObject);
  };
}

function compileOr(alternatives: unknown): (object: Readonly<Record<string, unknown>>) => boolean {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject))
    throw invalidPattern('"$or" must be an array of at least two objects');
  const compiled = alternatives.map(compileObject);
  return (object) => compiled.some((matches) => matches(object));
}

function compileMember(
  key: string,
  expected: unknown,
): (object: Readonly<Record<string, unknown>>) => boolean {
  const read = (object: Readonly<Record<string, unknown>>) =>
    Object.hasOwn(object, key) ? object[key] : undefined;
  if (isObject(expected)) {
    const matches = compileObject(expected);
    return (object) => matches(read(object));
  }
  if (!Array.isArray(expected)) throw invalidPattern(`"${key}" must be an object or an array`);
  if (expected.length === 0) throw invalidPattern(`Empty arrays are not allowed: "${key}"`);
  const condition: Condition = compileConditions(expected);
  return (object) => condition(leavesOf(read(object)));
}

/** An empty array and an object have no leaves: for EventBridge such a field does not exist. */
function leavesOf(value: unknown): unknown[] {
  return [value].flat(Number.POSITIVE_INFINITY).filter((leaf) => leaf !== undefined && !isObject(leaf));
}
