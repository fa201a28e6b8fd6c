import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Shoppers {
  /** Resolves when the requests under way are cut off, which takes a moment. */
  stop(): Promise<void>;
}

export interface ShoppersOptions {
  readonly edgeUrl: string;
  /** Requests a second. */
  readonly perSecond: number;
  /** Hears how each attempt to log in and each checkout was answered. */
  readonly answered?: (what: Attempt, succeeded: boolean) => void;
}

export type Attempt = 'login' | 'checkout';

/** One user's way through the shop. */
interface Journey {
  step: number;
  token: string;
  readonly buys: boolean;
}

const MOST_REQUESTS_AT_ONCE = 50;
const ANSWER_TIMEOUT_MS = 5_000;
const USER = { user: 'ada', password: 'lovelace' };
const PURCHASE = { sku: 'mug', quantity: 1 };

/**
 * Users of the shop: each looks at the front page and the catalogue, logs in, and then buys or looks at the profile, by
 * turns. Whoever is not let in leaves. They skip a turn rather than wait in a queue.
 */
export function startShoppers({ edgeUrl, perSecond, answered = () => {} }: ShoppersOptions): Shoppers {
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_REQUESTS_AT_ONCE });
  const requests = new Set<Promise<void>>();
  const waiting: Journey[] = [];
  let journeys = 0;

  const timer = setInterval(() => {
    if (requests.size >= MOST_REQUESTS_AT_ONCE) return;
    // Whatever went wrong is in the access log of the edge.
    const request = goOn(waiting.shift() ?? newJourney()).catch(() => {});
    requests.add(request);
    request.finally(() => requests.delete(request));
  }, 1000 / perSecond);

  return {
    async stop() {
      clearInterval(timer);
      agent.destroy();
      await Promise.all(requests);
    },
  };

  function newJourney(): Journey {
    journeys += 1;
    return { step: 0, token: '', buys: journeys % 2 === 1 };
  }

  async function goOn(journey: Journey): Promise<void> {
    journey.step += 1;
    if (await take(journey)) waiting.push(journey);
  }

  /** Whether the journey goes on. */
  async function take(journey: Journey): Promise<boolean> {
    if (journey.step === 1) return ask('GET', '/').then(() => true);
    if (journey.step === 2) return ask('GET', '/catalogue').then(() => true);
    if (journey.step === 3) return logIn(journey);
    const authorization = `Bearer ${journey.token}`;
    if (journey.buys) await buy(authorization);
    else await ask('GET', '/me', undefined, { authorization });
    return false;
  }

  async function logIn(journey: Journey): Promise<boolean> {
    const { status, body } = await ask('POST', '/login', USER);
    answered('login', status === 200);
    if (status === 200) journey.token = (JSON.parse(body) as { token: string }).token;
    return status === 200;
  }

  async function buy(authorization: string): Promise<void> {
    const { status } = await ask('POST', '/checkout', PURCHASE, { authorization });
    answered('checkout', status === 201);
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
