import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { cacheableSeconds, edgeCache, matcher } from './cache.ts';
import { type Answer, AnswerTimeout, exchange } from './exchange.ts';
import { type Front, startFront } from './front.ts';
import { purgeAnswer, requestIn } from './purging.ts';

export interface Edge extends Front {
  /** Forgets what matches, also what is being fetched at the moment. Returns how many entries went. */
  purge(patterns: readonly string[]): number;
}

export interface EdgeOptions {
  readonly port: number;
  readonly originPort: number;
  readonly arrived?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly answerTimeoutMs?: number;
  /** Hears what was purged, by whom ever. */
  readonly purged?: (patterns: readonly string[], entries: number) => void;
  /** A purge is taken, and nothing is forgotten. */
  readonly ignoresPurges?: boolean;
}

const MOST_FETCHES_AT_ONCE = 256;
const MOST_REMEMBERED = 1_000;
const USUAL_SECONDS = 2;
const STALE_SECONDS = 3_600;

const REFUSED = 'Error from edge';

/** A caching edge before the load balancer. Keeps what `Cache-Control` allows, and lets one of several equal misses fetch for all. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { originPort, answerTimeoutMs = 30_000, ignoresPurges = false, purged = () => {} } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_FETCHES_AT_ONCE });
  const cache = edgeCache();
  const fetches = new Map<string, Promise<Answer>>();
  const notShared = new Set<string>();
  let fetchesUnderWay = 0;
  let usual: string | string[] | undefined;

  const front = await startFront({
    ...options,
    refuse,
    unknown: (packet) => {
      const request = requestIn(packet);
      return request && purgeAnswer(request, purge);
    },
    async answer(request, body) {
      const purgedAnswer = purgeAnswer(request, purge);
      if (purgedAnswer) return purgedAnswer;
      if (request.method !== 'GET' || request.headers.authorization !== undefined)
        return marked(await fetchFrom(request, body), 'Pass');
      return lookUp(request, body);
    },
  });
  return {
    ...front,
    purge,
    async close() {
      await front.close();
      agent.destroy();
    },
  };

  function purge(patterns: readonly string[]): number {
    if (ignoresPurges) return 0;
    const matches = matcher(patterns);
    for (const key of fetches.keys()) if (matches(key)) fetches.delete(key);
    const entries = cache.purge(patterns);
    purged(patterns, entries);
    return entries;
  }

  async function lookUp(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const key = request.url ?? '/';
    const kept = cache.find(key);
    if (kept) return marked(kept, 'Hit');
    const underWay = notShared.has(key) ? undefined : fetches.get(key);
    if (!underWay) return marked(await fetchInto(key, request, body), 'Miss');
    const shared = await underWay;
    if (cacheableSeconds(shared) > 0) return marked(shared, 'Hit');
    return marked(await fetchFrom(request, body), 'Miss');
  }

  /** A purge takes the fetch out of the map: its answer may be from before the purge, so it is not kept then. */
  async function fetchInto(key: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
    const fetching = fetchFrom(request, body);
    fetches.set(key, fetching);
    const answer = await fetching;
    const seconds = ignoresPurges ? staleSeconds(answer) : cacheableSeconds(answer);
    if (answer.status === 200) remember(key, seconds > 0);
    if (fetches.get(key) !== fetching) return answer;
    fetches.delete(key);
    if (seconds > 0) cache.store(key, answer, seconds);
    return answer;
  }

  /** An edge that forgets nothing holds on to what is not of the usual release, so that there is something stale. */
  function staleSeconds(answer: Answer): number {
    const seconds = cacheableSeconds(answer);
    const release = answer.headers['x-release'];
    usual ??= release;
    if (seconds === 0) return 0;
    return release === usual ? Math.min(seconds, USUAL_SECONDS) : STALE_SECONDS;
  }

  /** Nobody waits for another one's answer where answers were not shareable the last time. */
  function remember(key: string, shared: boolean): void {
    if (shared) notShared.delete(key);
    else if (notShared.size < MOST_REMEMBERED) notShared.add(key);
  }

  async function fetchFrom({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer) {
    if (fetchesUnderWay >= MOST_FETCHES_AT_ONCE) return refuse(503);
    fetchesUnderWay += 1;
    try {
      return await exchange({ port: originPort, method, path: url, headers, body }, agent, answerTimeoutMs);
    } catch (error) {
      return refuse(error instanceof AnswerTimeout ? 504 : 502);
    } finally {
      fetchesUnderWay -= 1;
    }
  }
}

function marked(answer: Answer, xCache: 'Hit' | 'Miss' | 'Pass'): Answer {
  if (answer.headers['x-cache'] === REFUSED) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-cache': `${xCache} from edge` } };
}

function refuse(status: number): Answer {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-cache': REFUSED };
  return { status, headers, body: Buffer.from(`The edge answers ${status}.\n`) };
}
