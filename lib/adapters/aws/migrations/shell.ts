/** The text as one word of a shell. */
export function word(text: string): string {
  return /^[A-Za-z0-9_./:@=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
