import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a bundle, so that the directory that it is in may be moved. */
export interface BundleFiles {
  /** What it was made from, relative to the root of the sources. */
  readonly inputs: readonly string[];
  /** What came of it, relative to the bundle's own directory. */
  readonly outputs: readonly string[];
  /** When the first of the inputs may have been read. */
  readonly startedAtMs: number;
}

/** A file's time may be as much behind the clock. */
const COARSE_MS = 1_000;

/** Whether the bundle of these entry points is there, and neither it nor a file that it was made from has changed since. */
export function isUpToDate(directory: string, root: string, entryPoints: readonly string[]): boolean {
  const made = read(directory);
  return (
    made !== undefined &&
    JSON.stringify(made.entryPoints) === JSON.stringify(entryPoints) &&
    isUnchanged(root, made.inputs) &&
    isUnchanged(directory, made.outputs)
  );
}

/** While a bundle is being made it is not there. */
export function forget(directory: string): void {
  rmSync(file(directory), { force: true });
}

/** Not when an input has changed meanwhile: nobody knows which of its versions was read. */
export function remember(
  directory: string,
  root: string,
  entryPoints: readonly string[],
  { inputs, outputs, startedAtMs }: BundleFiles,
): void {
  if (inputs.some((input) => changedAtMs(join(root, input)) > startedAtMs - COARSE_MS)) return;
  const made: Made = { entryPoints, inputs: stamps(root, inputs), outputs: stamps(directory, outputs) };
  writeFileSync(file(directory), JSON.stringify(made));
}

/** By path, when a file was changed and how long it is. */
type Stamps = Readonly<Record<string, string>>;

interface Made {
  readonly entryPoints: readonly string[];
  readonly inputs: Stamps;
  readonly outputs: Stamps;
}

function read(directory: string): Made | undefined {
  try {
    return JSON.parse(readFileSync(file(directory), 'utf8')) as Made;
  } catch {
    return undefined;
  }
}

function isUnchanged(base: string, before: Stamps): boolean {
  return Object.entries(before).every(([path, stamp]) => stampOf(join(base, path)) === stamp);
}

function stamps(base: string, paths: readonly string[]): Stamps {
  return Object.fromEntries(paths.map((path) => [path, stampOf(join(base, path))]));
}

function stampOf(path: string): string {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: -1 };
  return `${Math.floor(mtimeMs)} ${size}`;
}

function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function file(directory: string): string {
  return join(directory, 'made-from.json');
}
