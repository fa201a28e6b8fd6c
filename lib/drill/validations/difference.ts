/** How far a value may be from what it was. */
export interface Tolerance {
  /** A share of what it was: 0.1 is 10 %. */
  readonly within: number;
  /** A difference that never counts, in the unit of the value. The larger of both is allowed. */
  readonly floor: number;
  readonly direction: 'above' | 'below' | 'both';
}

export interface Difference {
  readonly isAllowed: boolean;
  /** `212 ms ≤ 231 ms (210 ms + 10 %)` */
  readonly arithmetic: string;
}

/** `shown` writes a value with its unit. */
export function difference(
  before: number,
  after: number,
  { within, floor, direction }: Tolerance,
  shown: (value: number) => string,
): Difference {
  const relative = Math.abs(before) * within;
  const margin = Math.max(relative, floor);
  const how = floor > relative ? shown(floor) : percent(within);
  const isBelow = direction === 'below' || (direction === 'both' && after < before);
  const allowed = isBelow ? before - margin : before + margin;
  const isAllowed = isBelow ? after >= allowed : after <= allowed;
  const sign = isBelow ? (isAllowed ? '≥' : '<') : isAllowed ? '≤' : '>';
  const sum = `${shown(before)} ${isBelow ? '−' : '+'} ${how}`;
  return { isAllowed, arithmetic: `${shown(after)} ${sign} ${shown(allowed)} (${sum})` };
}

/** To four digits: what is measured is not known better. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}
