import { STATES } from '../drill/states.ts';
import type { Note } from './journal-notes.ts';

export const STATE_COLUMNS = Math.max(...STATES.map((state) => state.length));

export const TONES = { good: 'green', bad: 'red', plain: 'none', faint: 'dim' } as const satisfies Record<
  Note['tone'],
  string
>;
