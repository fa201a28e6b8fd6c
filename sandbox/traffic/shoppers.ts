import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Shoppers {
  /** Resolves when the last request is answered or cut off. */
  stop(): Promise<void>;
}

const MOST_REQUESTS_AT_ONCE = 50;
const ANSWER_TIMEOUT_MS = 5_000;
const PURCHASE = { sku: 'mug', quantity: 1 };

/**
 * Users of the shop: `perSecond` requests a second to the edge, by turns the front page, the catalogue and a checkout.
 * They carry on whatever the shop answers, and skip a turn rather than wait in a queue.
 */
export function startShoppers({ edgeUrl, perSecond }: { edgeUrl: string; perSecond: number }): Shoppers {
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_REQUESTS_AT_ONCE });
  const visits = new Set<Promise<void>>();
  let token: string | undefined;
  let turn = 0;

  const timer = setInterval(() => {
    if (visits.size >= MOST_REQUESTS_AT_ONCE) return;
    // Whatever went wrong is in the access log of the edge.
    const visit = nextVisit().catch(() => {});
    visits.add(visit);
    visit.finally(() => visits.delete(visit));
  }, 1000 / perSecond);

  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(visits);
      agent.destroy();
    },
  };

  async function nextVisit(): Promise<void> {
    turn += 1;
    if (turn % 3 === 1) await ask('GET', '/');
    else if (turn % 3 === 2) await ask('GET', '/catalogue');
    else if (token === undefined) await logIn();
    else await checkOut(token);
  }

  async function logIn(): Promise<void> {
    const { status, body } = await ask('POST', '/login', { user: 'ada', password: 'lovelace' });
    if (status === 200) token = (JSON.parse(body) as { token: string }).token;
  }

  async function checkOut(bearer: string): Promise<void> {
    const { status } = await ask('POST', '/checkout', PURCHASE, { authorization: `Bearer ${bearer}` });
    if (status === 401) token = undefined;
  }

  function ask(method: string, path: string, input?: object, more: IncomingHttpHeaders = {}) {
    const body = input ? JSON.stringify(input) : '';
    const headers = { ...more, 'user-agent': 'shopper', 'content-type': 'application/json' };
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      request(new URL(path, edgeUrl), { method, headers, agent, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      })
        .on('error', reject)
        .end(body);
    });
  }
}
