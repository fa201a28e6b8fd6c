/** Times on the wire: epoch seconds with milliseconds as the fraction. */
export const epochSeconds = (ms: number): number => ms / 1000;

/** Times in task events. */
export const isoMilliseconds = (ms: number): string => new Date(ms).toISOString();

/** Times in deployment events, which have whole seconds. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The same object with `undefined` left as it is and every time turned into what `format` makes of it. */
export function times<Key extends string, Out>(
  entries: Readonly<Record<Key, number | undefined>>,
  format: (ms: number) => Out,
): Record<Key, Out | undefined> {
  const formatted = Object.entries<number | undefined>(entries).map(([key, ms]) => [
    key,
    ms === undefined ? undefined : format(ms),
  ]);
  return Object.fromEntries(formatted) as Record<Key, Out | undefined>;
}
