import type { Clock } from '../ports/clock.ts';

class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded';
}

/** The answer, or a `TimeLimitExceeded` when there is none in time. What was asked goes on, and nobody hears of it. */
export async function limited<Answer>(
  clock: Clock,
  limitMs: number,
  asked: Promise<Answer>,
): Promise<Answer> {
  const answered = new AbortController();
  const limit = clock.sleep(limitMs, answered.signal).then((): Promise<Answer> => {
    if (answered.signal.aborted) return asked;
    throw new TimeLimitExceeded(`no answer within ${limitMs} ms`);
  });
  return Promise.race([asked, limit]).finally(() => answered.abort());
}
