import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { type Environment, expand } from './environment.ts';
import { type Finding, type Path, placeOf } from './place.ts';

export interface ReadValue {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly broken: readonly Path[];
  readonly lines: ReadonlyMap<string, number>;
}

interface Options {
  readonly environment: Environment;
  lineAt(offset: number): number;
  /** Characters that all values together may have once the environment is put in. */
  readonly budget: number;
}

const MOST_NODES = 20_000;
export const MOST_LEVELS = 40;
/** Names that JavaScript gives a meaning of its own on every object. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Turns YAML nodes into plain values and remembers where each began. Aliases are followed; because the nodes are counted
 * as often as they are used, a few lines of aliases cannot grow into a plan without end.
 */
export function readValue(root: Node | null, options: Options): ReadValue {
  const findings: Finding[] = [];
  const broken: Path[] = [];
  const lines = new Map<string, number>();
  const anchors = new Map<string, Node>();
  let nodes = 0;
  let characters = 0;
  let tooLarge = false;
  return { value: read(root, [], false), findings, broken, lines };

  function read(node: Node | null | undefined, path: Path, aliased: boolean): unknown {
    if (node && !aliased) remember(node, path);
    if (tooLarge || !node) return null;
    nodes += 1;
    if (nodes > MOST_NODES || path.length > MOST_LEVELS) return refuseSize(path);
    if (isAlias(node)) return follow(node.source, path);
    if (isMap(node)) return mapping(node, path, aliased);
    if (isSeq(node)) return node.items.map((item, index) => read(item as Node, [...path, index], aliased));
    return isScalar(node) ? scalar(node.value, path) : null;
  }

  function remember(node: Node, path: Path): void {
    const place = placeOf(path);
    if (!lines.has(place)) lines.set(place, options.lineAt(node.range?.[0] ?? 0));
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
  }

  function mapping(map: YAMLMap, path: Path, aliased: boolean): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const line = options.lineAt(pair.key.range?.[0] ?? 0);
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (key === undefined)
        complain(path, 'has a key that is no plain text. Write every key as a word.', line);
      else if (RESERVED.has(key))
        complain(path, `must not have the key "${key}". Choose another name.`, line);
      else if (Object.hasOwn(value, key)) complain([...path, key], repeated([...path, key]), line);
      else {
        if (!aliased) lines.set(placeOf([...path, key]), line);
        value[key] = read(pair.value, [...path, key], aliased);
      }
    }
    return value;
  }

  function follow(name: string, path: Path): unknown {
    const node = anchors.get(name);
    if (node) return read(node, path, true);
    return spoil(path, `refers to *${name}, but nothing above is marked &${name}.`);
  }

  function scalar(value: unknown, path: Path): unknown {
    if (typeof value === 'number' && !Number.isFinite(value))
      return spoil(path, `must be a finite number; received ${value}.`);
    if (typeof value !== 'string') return value;
    const expanded = expand(value, options.environment);
    if (expanded.kind === 'invalid') return spoil(path, expanded.message);
    characters += expanded.text.length;
    return characters > options.budget ? refuseSize(path) : expanded.text;
  }

  function repeated(path: Path): string {
    return `is given twice; the first is on line ${lines.get(placeOf(path)) ?? '?'}. Keep one of them.`;
  }

  function refuseSize(path: Path): null {
    if (!tooLarge) {
      spoil(
        [],
        `grows too large at ${placeOf(path)}: at most ${MOST_NODES} values, ${MOST_LEVELS} levels and 256 KB of text once aliases and \${…} are replaced.`,
      );
    }
    tooLarge = true;
    return null;
  }

  function spoil(path: Path, message: string): null {
    broken.push(path);
    complain(path, message);
    return null;
  }

  function complain(path: Path, message: string, line?: number): void {
    findings.push({ path, message, ...(line === undefined ? {} : { line }) });
  }
}
