import { drillList } from '../adapters/aws/listing.ts';

/** Longer keys the table does not have. */
const LONGEST_NAME = 500;

/** The id of the drill that a person names by its id or as TARGET#NNN; `undefined` when there can be none. */
export async function idNamed(name: string): Promise<string | undefined> {
  if (name.length > LONGEST_NAME) return undefined;
  const numbered = /^(?<target>.+)#(?<number>\d{1,9})$/u.exec(name)?.groups;
  return numbered ? drillList().idOf(numbered.target ?? '', Number(numbered.number)) : name;
}
