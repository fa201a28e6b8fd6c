import { findItem, ITEMS, type Item, TAX_PERCENT } from './catalogue.ts';
import type { Shows } from './faults.ts';
import type { Orders } from './orders.ts';
import type { Queue } from './queue.ts';
import type { Release } from './release.ts';
import type { Sessions } from './sessions.ts';
import { orderPlaced } from './worker.ts';

export interface Shop {
  readonly name: string;
  /** Which of the tasks it is. */
  readonly task: string;
  readonly release: Release;
  readonly sessions: Sessions;
  readonly orders: Orders;
  /** Told of every order that was placed. */
  readonly queue: Pick<Queue, 'send'> | undefined;
  readonly shows: Shows;
  /** Hears of every fault that a customer got a 500 for. */
  readonly complain: (error: unknown) => void;
}

export interface Visit {
  readonly authorization: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  /** What the path names, if it names anything. */
  readonly id: string;
}

/** An object is sent as JSON, a string as HTML. Only what has a `maxAgeSeconds` may be cached, by shared caches. */
export interface Reply {
  readonly status: number;
  readonly body: object | string;
  readonly maxAgeSeconds?: number;
}

const MOST_OF_AN_ITEM = 100;
const STOCK = 1_000;

/** What the shop answers, by method and path. */
export const PAGES: Readonly<Record<string, (shop: Shop, visit: Visit) => Reply | Promise<Reply>>> = {
  'GET /health': ({ name, release }) => {
    const missing = release.lacks();
    return missing
      ? { status: 503, body: { status: 'not ready', release: name, missing } }
      : { status: 200, body: { status: 'ok', release: name } };
  },
  'GET /': ({ name }) => ({ status: 200, body: frontPage(name), maxAgeSeconds: 10 }),
  'GET /catalogue': () => ({
    status: 200,
    body: { taxPercent: TAX_PERCENT, items: ITEMS },
    maxAgeSeconds: 30,
  }),
  'POST /login': ({ sessions, release }, { input }) => {
    const token = release.admits() ? sessions.login(input.user, input.password) : undefined;
    return token ? { status: 200, body: { token } } : unauthorised('wrong user or password');
  },
  'GET /me': ({ sessions }, { authorization }) => {
    const user = sessions.userOf(authorization);
    return user ? { status: 200, body: { user } } : unauthorised('log in first');
  },
  'POST /checkout': checkOut,
  'GET /checkout/check': async ({ release, orders }) => {
    release.totalCents(ITEMS[0] as Item, 1);
    await orders.check();
    return { status: 200, body: { status: 'ok' } };
  },
  'GET /orders/{id}': async ({ sessions, orders }, { authorization, id }) => {
    const user = sessions.userOf(authorization);
    if (!user) return unauthorised('log in first');
    const order = await orders.find(id);
    return order?.user === user
      ? { status: 200, body: order }
      : { status: 404, body: { error: 'no such order' } };
  },
  'GET /stock': ({ shows }) =>
    shows('endpoint-down')
      ? { status: 503, body: { error: 'the stock is being counted' } }
      : { status: 200, body: { items: ITEMS.map(({ sku }) => ({ sku, available: STOCK })) } },
  'GET /side-effects': async ({ orders }, { query }) => {
    const since = new Date(query.get('since') ?? 0);
    const until = new Date(query.get('until') ?? Date.now());
    if (Number.isNaN(since.getTime()) || Number.isNaN(until.getTime()))
      return { status: 400, body: { error: 'since and until must be times such as 2026-11-03T09:00:00Z' } };
    const counts = await orders.countSideEffects(since, until);
    return { status: 200, body: { since: since.toISOString(), until: until.toISOString(), counts } };
  },
};

async function checkOut(shop: Shop, { authorization, input }: Visit): Promise<Reply> {
  const { sessions, release, orders, queue } = shop;
  const user = sessions.userOf(authorization);
  if (!user) return unauthorised('log in first');
  const item = findItem(input.sku);
  const quantity = Number(input.quantity ?? 1);
  if (!item || !Number.isInteger(quantity) || quantity < 1 || quantity > MOST_OF_AN_ITEM)
    return {
      status: 400,
      body: { error: `sku must be one of the catalogue, quantity 1 to ${MOST_OF_AN_ITEM}` },
    };
  const order = { user, sku: item.sku, quantity, totalCents: release.totalCents(item, quantity) };
  const orderId = crypto.randomUUID();
  await orders.place(orderId, order);
  // The order is there, whatever becomes of the message.
  await queue?.send(orderPlaced(orderId)).catch(shop.complain);
  return { status: 201, body: { orderId, sku: order.sku, quantity, totalCents: order.totalCents } };
}

function unauthorised(error: string): Reply {
  return { status: 401, body: { error } };
}

function frontPage(release: string): string {
  const items = ITEMS.map(({ name, priceCents }) => `<li>${name}: ${(priceCents / 100).toFixed(2)}</li>`);
  return `<!doctype html><title>Shop</title><h1>Shop</h1><ul>${items.join('')}</ul><footer>${release}</footer>`;
}
