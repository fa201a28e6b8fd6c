/** A text that is no pattern; the message says what was received and what is allowed. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** What one character must be, and how often. */
interface Piece {
  readonly fits: RegExp;
  readonly least: number;
  readonly most: number;
}

interface Alternative {
  readonly pieces: readonly Piece[];
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

const MOST_REPEATED = 100;
const LONGEST_PATTERN = 200;
const MOST_STEPS = 500;
const CHARACTER = /^(?:\\[dDsSwW]|\\[^A-Za-z0-9]|\[\^?(?:\\.|[^\]\\[])+\]|[^\\^$.|?*+()[\]{}]|\.)/su;
const COUNT = /^(?:[*+?]|\{(\d{1,3})(,(\d{1,3})?)?\})/;

/**
 * Whether the text contains what the pattern says: characters, classes, `.`, `*`, `+`, `?`, `{2,4}`, `^`, `$` and `|`, as in
 * regular expressions, but without groups. Takes time in proportion to pattern × text, whatever both are. Throws PatternError.
 */
export function matches(pattern: string, text: string): boolean {
  const characters = [...text];
  return parsePattern(pattern).some((alternative) => runs(alternative, characters));
}

/** Throws PatternError. */
export function parsePattern(pattern: string): readonly Alternative[] {
  if (pattern === '' || pattern.length > LONGEST_PATTERN)
    throw new PatternError(`has ${pattern.length} characters, allowed are 1 to ${LONGEST_PATTERN}`);
  const alternatives = split(pattern).map(alternativeOf);
  const steps = alternatives.flatMap(({ pieces }) => pieces.flatMap(stepsOf)).length;
  if (steps <= MOST_STEPS) return alternatives;
  throw new PatternError(`has ${steps} characters with what it repeats, allowed are ${MOST_STEPS}`);
}

/** At each `|` that stands neither in a class nor behind a backslash. */
function split(pattern: string): readonly string[] {
  const parts = pattern.match(/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^|\\])+|\|/gsu) ?? [];
  if (parts.join('') !== pattern) throw new PatternError(notAllowed(pattern.slice(-1)));
  const alternatives = [''];
  for (const part of parts) {
    if (part === '|') alternatives.push('');
    else alternatives.push((alternatives.pop() ?? '') + part);
  }
  return alternatives;
}

function alternativeOf(written: string): Alternative {
  const fromStart = written.startsWith('^');
  const toEnd = /(?<!\\)(?:\\\\)*\$$/.test(written);
  const pieces: Piece[] = [];
  let rest = written.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  while (rest !== '') {
    const [character] = CHARACTER.exec(rest) ?? [];
    if (character === undefined) throw new PatternError(notAllowed(rest));
    rest = rest.slice(character.length);
    const count = COUNT.exec(rest);
    if (count) rest = rest.slice(count[0].length);
    pieces.push({ fits: compiled(character), ...timesOf(count) });
  }
  return { pieces, fromStart, toEnd };
}

function compiled(character: string): RegExp {
  try {
    return new RegExp(`^${character}$`, 'su');
  } catch {
    throw new PatternError(notAllowed(character));
  }
}

function timesOf(count: RegExpExecArray | null): Pick<Piece, 'least' | 'most'> {
  if (!count) return { least: 1, most: 1 };
  const [written, from, list, to] = count;
  if (from === undefined)
    return { least: written === '+' ? 1 : 0, most: written === '?' ? 1 : Number.POSITIVE_INFINITY };
  const least = Number(from);
  const most = list === undefined ? least : to === undefined ? Number.POSITIVE_INFINITY : Number(to);
  const largest = Math.max(least, Number.isFinite(most) ? most : 0);
  if (largest > MOST_REPEATED || most < least)
    throw new PatternError(
      `repeats ${written}, allowed are at most ${MOST_REPEATED}, the smaller number first`,
    );
  return { least, most };
}

function notAllowed(rest: string): string {
  const allowed = 'characters, classes like [a-z] or \\d, and the signs . * + ? {2,4} ^ $ |, without groups';
  return `has ${JSON.stringify(rest.slice(0, 10))}, allowed are ${allowed}`;
}

/** All places that the pattern can have come to, one character after the other. */
function runs({ pieces, fromStart, toEnd }: Alternative, characters: readonly string[]): boolean {
  const steps = pieces.flatMap(stepsOf);
  let places = closed(new Set([0]), steps);
  if (!toEnd && places.has(steps.length)) return true;
  for (const character of characters) {
    const next = new Set<number>(fromStart ? [] : [0]);
    for (const place of places) {
      const step = steps[place];
      if (step?.fits.test(character)) next.add(step.repeats ? place : place + 1);
    }
    places = closed(next, steps);
    if (!toEnd && places.has(steps.length)) return true;
  }
  return places.has(steps.length);
}

interface Step {
  readonly fits: RegExp;
  /** It may be left out. */
  readonly optional: boolean;
  /** It may come any number of times. */
  readonly repeats: boolean;
}

function stepsOf({ fits, least, most }: Piece): readonly Step[] {
  const needed = Array.from({ length: least }, () => ({ fits, optional: false, repeats: false }));
  if (most === Number.POSITIVE_INFINITY) return [...needed, { fits, optional: true, repeats: true }];
  return [
    ...needed,
    ...Array.from({ length: most - least }, () => ({ fits, optional: true, repeats: false })),
  ];
}

/** With the places that are reached by leaving steps out. */
function closed(places: Set<number>, steps: readonly Step[]): Set<number> {
  for (const place of places) if (steps[place]?.optional) places.add(place + 1);
  return places;
}
