/** A place where two JSON values differ, for example `steps[2].endedAt`. */
export interface Differing {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

const MOST_DIFFERENCES = 50;

/** The exact places where two JSON values differ, at most 50; the order of members does not matter. */
export function differing(left: unknown, right: unknown): readonly Differing[] {
  const found: Differing[] = [];
  const pairs: Differing[] = [{ path: '', left, right }];
  while (pairs.length > 0 && found.length < MOST_DIFFERENCES) {
    const pair = pairs.pop() as Differing;
    const inner = membersOf(pair);
    if (inner) pairs.push(...inner.reverse());
    else if (!Object.is(pair.left, pair.right)) found.push(pair);
  }
  return found;
}

/** `undefined` when there is nothing further inside that both have. */
function membersOf({ path, left, right }: Differing): Differing[] | undefined {
  if (Array.isArray(left) && Array.isArray(right)) {
    const longest = Math.max(left.length, right.length);
    return Array.from({ length: longest }, (_, at) => ({
      path: `${path}[${at}]`,
      left: left[at],
      right: right[at],
    }));
  }
  if (!isObject(left) || !isObject(right)) return undefined;
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.map((name) => ({
    path: path === '' ? name : `${path}.${name}`,
    left: own(left, name),
    right: own(right, name),
  }));
}

function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
