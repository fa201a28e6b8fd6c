import { appendFileSync, mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import type { Truth } from '../truth.ts';

export interface BufferedTruth {
  readonly tell: Truth;
  /** Writes what is still held back. */
  flush(): void;
}

const FLUSH_AFTER_MS = 10;
const MOST_LINES_HELD = 500;

/** Like `truthAt`, but for thousands of lines a second: `at` is when it was told, the line is in the file 10 ms later. */
export function bufferedTruthAt(path: string): BufferedTruth {
  mkdirSync(dirname(path), { recursive: true });
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length > 0) appendFileSync(path, lines.join(''));
    lines = [];
  };
  return {
    tell(event, facts = {}) {
      lines.push(`${JSON.stringify({ at: Date.now(), event, ...facts })}\n`);
      if (lines.length >= MOST_LINES_HELD) flush();
      else timer ??= setTimeout(flush, FLUSH_AFTER_MS);
    },
    flush,
  };
}

/** Tells of every request when its response is complete, or when the client went away before that. */
export function logAccess(tell: Truth): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const startedAt = performance.now();
    const seen = () => ({
      client: request.headers['user-agent'] ?? null,
      path: request.url?.split('?')[0],
      method: request.method,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
    });
    response.once('finish', () =>
      tell('response', {
        ...seen(),
        status: response.statusCode,
        release: response.getHeader('x-release') ?? null,
        cacheHit: response.getHeader('x-cache') === 'Hit from edge',
      }),
    );
    response.once('close', () => {
      if (!response.writableFinished) tell('response-abandoned', seen());
    });
  };
}
