import { createRequire, syncBuiltinESMExports } from 'node:module';

/** Where the simulated services keep what survives. */
export const MEMORY = '/in-memory';

type Given = readonly [path: unknown, ...rest: unknown[]];

/** Files below the directory are kept in memory, as far as they are read and written at once. */
export function simulateFiles(directory: string): { reset(): void } {
  const files = new Map<string, string>();
  const fs = createRequire(import.meta.url)('node:fs') as Record<string, (...given: Given) => unknown>;
  const missing = (path: string): Error =>
    Object.assign(new Error(`ENOENT: no such file or directory '${path}'`), { code: 'ENOENT' });
  const textOf = (path: string): string => {
    const text = files.get(path);
    if (text === undefined) throw missing(path);
    return text;
  };
  const memory: Record<string, (path: string, ...rest: unknown[]) => unknown> = {
    mkdirSync: () => undefined,
    readFileSync: textOf,
    writeFileSync: (path, text) => void files.set(path, String(text)),
    appendFileSync: (path, text) => void files.set(path, (files.get(path) ?? '') + String(text)),
    renameSync(path, to) {
      files.set(String(to), textOf(path));
      files.delete(path);
    },
    readdirSync: (path) =>
      [...files.keys()]
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1)),
  };
  for (const [name, inMemory] of Object.entries(memory)) {
    const real = fs[name];
    fs[name] = (...given) => {
      const [path, ...rest] = given;
      return typeof path === 'string' && path.startsWith(directory)
        ? inMemory(path, ...rest)
        : real?.(...given);
    };
  }
  syncBuiltinESMExports();
  return { reset: () => files.clear() };
}
