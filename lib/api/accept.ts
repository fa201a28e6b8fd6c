/** The first of the media types on offer that the client likes best; `undefined` when it takes none. Without a wish, the first. */
export function chosen<Type extends string>(offered: readonly Type[], accept = ''): Type | undefined {
  const wishes = accept.trim() === '' ? [{ range: '*/*', weight: 1 }] : accept.split(',').map(wish);
  const weighed = offered.map((type) => ({ type, weight: weightOf(type, wishes) }));
  return weighed.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)[0]?.type;
}

interface Wish {
  readonly range: string;
  readonly weight: number;
}

function wish(text: string): Wish {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0;
  return { range, weight };
}

/** The most exact wish about a type counts. */
function weightOf(type: string, wishes: readonly Wish[]): number {
  const ranges = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const range of ranges) {
    const found = wishes.find((one) => one.range === range);
    if (found) return found.weight;
  }
  return 0;
}
