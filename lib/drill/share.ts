/** From 0 to 1, to four places, so that a share is the same text wherever it is computed. */
export function shareOf(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 10_000;
}
