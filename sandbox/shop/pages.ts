import { findItem, ITEMS, type Item, TAX_PERCENT } from './catalogue.ts';
import type { Release } from './release.ts';
import type { Sessions } from './sessions.ts';

export interface Shop {
  readonly name: string;
  readonly release: Release;
  readonly sessions: Sessions;
  readonly orders: Map<string, Order>;
  /** Hears of every fault that a customer got a 500 for. */
  readonly complain: (error: unknown) => void;
}

export interface Order {
  readonly user: string;
  readonly sku: string;
  readonly quantity: number;
  readonly totalCents: number;
}

export interface Visit {
  readonly authorization: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An object is sent as JSON, a string as HTML. Only what has a `maxAgeSeconds` may be cached, by shared caches. */
export interface Reply {
  readonly status: number;
  readonly body: object | string;
  readonly maxAgeSeconds?: number;
}

const MOST_ORDERS = 10_000;
const MOST_OF_AN_ITEM = 100;

/** What the shop answers, by method and path. */
export const PAGES: Readonly<Record<string, (shop: Shop, visit: Visit) => Reply>> = {
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
  'GET /checkout/check': ({ release }) => {
    release.totalCents(ITEMS[0] as Item, 1);
    return { status: 200, body: { status: 'ok' } };
  },
};

function checkOut({ sessions, release, orders }: Shop, { authorization, input }: Visit): Reply {
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
  keep(orders, orderId, order);
  return { status: 201, body: { orderId, sku: order.sku, quantity, totalCents: order.totalCents } };
}

/** The oldest order goes when the memory of the task is full. */
function keep(orders: Map<string, Order>, orderId: string, order: Order): void {
  orders.set(orderId, order);
  for (const oldest of orders.keys()) {
    if (orders.size <= MOST_ORDERS) return;
    orders.delete(oldest);
  }
}

function unauthorised(error: string): Reply {
  return { status: 401, body: { error } };
}

function frontPage(release: string): string {
  const items = ITEMS.map(({ name, priceCents }) => `<li>${name}: ${(priceCents / 100).toFixed(2)}</li>`);
  return `<!doctype html><title>Shop</title><h1>Shop</h1><ul>${items.join('')}</ul><footer>${release}</footer>`;
}
