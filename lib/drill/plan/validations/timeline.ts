import { closed } from '../fields.ts';
import { common } from './every-kind.ts';

/** The timeline on the receipt has no holes. Judged when the receipt is made. */
export function timeline() {
  return closed(common('timeline'));
}
