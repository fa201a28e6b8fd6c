/** What a terminal would act on, or nobody could see, although JSON allows it. */
const ACTIVE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** One JSON document for a person or a pipe: the same content, and nothing in it moves a cursor or turns the reading direction. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replaceAll(ACTIVE, escaped)}\n`;
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
