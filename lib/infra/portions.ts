/** As long as the longest name of a Region; partitions and accounts are shorter. */
const RESOLVED = 'x'.repeat(14);
/** The quotes, and a comma. */
const AROUND = 3;

/**
 * Names in groups that each fit, as JSON, into so many characters, whatever the account and the Region. A name that is too long
 * by itself is a group of its own.
 */
export function portions(names: readonly string[], mostCharacters: number): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let left = 0;
  for (const name of names) {
    const length = lengthOf(name);
    if (groups.length === 0 || length > left) {
      groups.push([]);
      left = mostCharacters;
    }
    groups.at(-1)?.push(name);
    left -= length;
  }
  return groups;
}

/** Of a name in JSON, with its comma. */
export function lengthOf(name: string): number {
  return name.replaceAll(/\$\{Token\[[^\]]*\]\}/g, RESOLVED).length + AROUND;
}
