import type { Condition } from './condition.ts';
import type { Path } from './place.ts';
import type { PlanDocument } from './schema.ts';

/** A plan of which only what is right is known: everything that has an error is `undefined`. */
export type Draft = Known<PlanDocument>;

/** A condition is read from one text, so it is known as a whole or not at all. */
type Known<Value> = Value extends Condition
  ? Value
  : Value extends readonly (infer Item)[]
    ? (Known<Item> | undefined)[]
    : Value extends object
      ? { [Key in keyof Value]?: Known<Value[Key]> | undefined }
      : Value;

/**
 * Takes out of a judged document whatever has an error, so that rules about several values can still judge the others.
 * Keys and positions stay, only their values go. The document is changed.
 */
export function draftOf(document: unknown, broken: readonly Path[]): Draft {
  let root = document;
  for (const path of broken) {
    if (path.length === 0) root = undefined;
    else erase(root, path);
  }
  const isMapping = typeof root === 'object' && root !== null && !Array.isArray(root);
  return isMapping ? (root as Draft) : {};
}

function erase(root: unknown, path: Path): void {
  let around = root;
  for (const step of path.slice(0, -1)) around = inside(around, step);
  const last = path.at(-1);
  if (last !== undefined && typeof around === 'object' && around !== null)
    Reflect.set(around, last, undefined);
}

function inside(around: unknown, step: string | number): unknown {
  return typeof around === 'object' && around !== null ? (Reflect.get(around, step) as unknown) : undefined;
}
