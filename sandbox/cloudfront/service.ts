import type { Endpoint } from '../aws/protocol.ts';
import type { EdgePlaces } from './distribution.ts';
import { openInvalidations } from './invalidations.ts';
import { answer } from './routes.ts';
import { errorReply } from './wire.ts';

export interface CloudFront {
  readonly endpoint: Endpoint;
  /** Nothing more is invalidated. */
  close(): void;
}

/** The edge that the distribution stands for. */
export interface CloudFrontEdge extends EdgePlaces {
  /** Forgets what matches; resolves when it is done. */
  readonly purge: (patterns: readonly string[]) => Promise<unknown>;
}

interface CloudFrontOptions {
  readonly directory: string;
  readonly edge: CloudFrontEdge;
  /** How long an invalidation is in progress before the edge forgets anything. */
  readonly delayMs?: number;
  readonly now?: () => number;
}

/** One distribution, whose invalidations the edge really carries out. They survive restarts in `directory`. */
export function startCloudFront(options: CloudFrontOptions): CloudFront {
  const { directory, edge, delayMs = 300, now = Date.now } = options;
  const invalidations = openInvalidations({ directory, purge: edge.purge, delayMs, now });
  return {
    async endpoint(request) {
      try {
        return answer({ request, edge, invalidations });
      } catch (cause) {
        return errorReply(cause);
      }
    },
    close: invalidations.close,
  };
}
