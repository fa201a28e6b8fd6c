import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a bundle was made from and what came of it: when each file was changed and how long it is. */
type Stamps = Readonly<Record<string, string>>;

/** Whether the bundle of these entry points is there, and neither it nor a file that it was made from has changed since. */
export function isUpToDate(directory: string, root: string, entryPoints: readonly string[]): boolean {
  const { made, stamps } = read(directory) ?? {};
  if (!stamps || JSON.stringify(made) !== JSON.stringify(entryPoints)) return false;
  return Object.entries(stamps).every(([path, stamp]) => stampOf(join(root, path)) === stamp);
}

/** While a bundle is being made it is not there. */
export function forget(directory: string): void {
  rmSync(file(directory), { force: true });
}

/** Paths are relative to the root. */
export function remember(
  directory: string,
  root: string,
  entryPoints: readonly string[],
  paths: readonly string[],
): void {
  const stamps = Object.fromEntries(paths.map((path) => [path, stampOf(join(root, path))]));
  writeFileSync(file(directory), JSON.stringify({ made: entryPoints, stamps }));
}

function read(directory: string): { readonly made: readonly string[]; readonly stamps: Stamps } | undefined {
  try {
    return JSON.parse(readFileSync(file(directory), 'utf8'));
  } catch {
    return undefined;
  }
}

function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: -1 };
  return `${mtimeMs} ${size}`;
}

function file(directory: string): string {
  return join(directory, 'made-from.json');
}
