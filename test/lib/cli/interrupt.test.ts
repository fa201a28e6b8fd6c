import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onSignals } from '../../../lib/cli/interrupt.ts';

const written: string[] = [];
const asked: string[] = [];
let stop: () => void;
let exit: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  written.length = 0;
  asked.length = 0;
  vi.useFakeTimers({ toFake: ['performance'] });
  exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('ended');
  });
  const err = { write: (text: string) => written.push(text) } as never;
  const left = 'Drill one is left as it is.';
  stop = onSignals(err, { ask: async (signal) => void asked.push(signal), left });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a signal that comes twice at once, to this process and to its parent, does not end it', () => {
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(20);
  process.emit('SIGTERM', 'SIGTERM');
  expect(exit).not.toHaveBeenCalled();
  expect(asked).toEqual(['SIGTERM']);
});

test('whoever asks once more ends it at once, and is told what is left', () => {
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(1_500);
  expect(() => process.emit('SIGINT', 'SIGINT')).toThrow('ended');
  expect(exit).toHaveBeenCalledWith(130);
  expect(written.join('')).toContain('Ended at once. Drill one is left as it is.');
  expect(asked).toEqual(['SIGINT']);
});
