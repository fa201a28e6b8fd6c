import { oneOf } from '../aws/input.ts';

const PLAIN = ['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'];
const PREFIXES = ['', 'Kilo', 'Mega', 'Giga', 'Tera'];
const SIZES = PREFIXES.flatMap((prefix) =>
  prefix ? [`${prefix}bytes`, `${prefix}bits`] : ['Bytes', 'Bits'],
);

/** In what a value may be measured. No value is ever converted. */
export const unit = oneOf([...PLAIN, ...SIZES, ...SIZES.map((size) => `${size}/Second`)]);
