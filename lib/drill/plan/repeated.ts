/** Positions of the values that stood in the list before; unknown values repeat nothing. */
export function repeated(values: readonly (string | undefined)[]): number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : [],
  );
}
