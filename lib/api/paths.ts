/** What stands for a part of a path. A target has a slash in its name, which may be written as it is. */
const PARTS = { target: '(?<target>.+)', id: '(?<id>[^/]+)' } as const;

export type PathParameter = keyof typeof PARTS;

export type Path = `/${string}`;

/** The parameters of a path as they were sent; `undefined` when it is another path. */
export function matched(pattern: Path, path: string): Readonly<Record<string, string>> | undefined {
  return expressionOf(pattern).exec(path)?.groups ?? (pattern === path ? {} : undefined);
}

export function parametersOf(pattern: Path): readonly PathParameter[] {
  return [...pattern.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as PathParameter);
}

/** Percent-encoded or not; `undefined` for what is neither. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function expressionOf(pattern: Path): RegExp {
  return new RegExp(`^${pattern.replaceAll(/\{(\w+)\}/g, (_, name: PathParameter) => PARTS[name])}$`);
}
