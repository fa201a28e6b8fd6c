/** Where in a plan: keys of mappings and positions in lists, from the root. */
export type Path = readonly (string | number)[];

/** Something wrong at a place; `line` only when it is another line than the one where the place begins. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly line?: number;
}

/** `triggers[1].budget`; the root is `plan`. Keys that are no plain words stand in brackets. */
export function placeOf(path: Path): string {
  const text = path.map(segment).join('');
  return text === '' ? 'plan' : text.replace(/^\./, '');
}

function segment(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w-]{1,64}$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
