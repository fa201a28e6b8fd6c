/** `{{name}}`, replaced by what an earlier step of a synthetic transaction captured. */
export const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** The names that a text refers to, in order, as they are written. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((found) => found[1] ?? '');
}
