import type { Database } from './database.ts';
import type { Orders, PlacedOrder } from './orders.ts';

const PLACE = `
  WITH placed AS (
    INSERT INTO orders (id, customer, sku, quantity, total_cents, status)
    VALUES ($1, $2, $3, $4, $5, 'placed')
    RETURNING id, total_cents
  )
  INSERT INTO payments (order_id, amount_cents) SELECT id, total_cents FROM placed`;
const FIND = `
  SELECT customer AS user, sku, quantity, total_cents AS "totalCents", id AS "orderId", status, created_at
  FROM orders WHERE id = $1`;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const CHECK = 'SELECT status FROM orders LIMIT 1';
/** Only who turns an order from placed to paid fulfils it. */
const FULFIL = `
  WITH paid AS (UPDATE orders SET status = 'paid' WHERE id = $1 AND status = 'placed' RETURNING id)
  INSERT INTO side_effects (kind, order_id, release)
  SELECT kind, id, $2 FROM paid CROSS JOIN (VALUES ('email'), ('payment')) AS effects (kind)`;
const COUNT = `
  SELECT count(*) FILTER (WHERE kind = 'email')::integer AS email,
         count(*) FILTER (WHERE kind = 'payment')::integer AS payment
  FROM side_effects WHERE at >= $1 AND at < $2`;

type Row = Omit<PlacedOrder, 'createdAt'> & { readonly created_at: Date };

/** Orders in the shop's database, the same for all tasks. */
export function databaseOrders(database: Database): Orders {
  return {
    async place(orderId, { user, sku, quantity, totalCents }) {
      await database.query(PLACE, [orderId, user, sku, quantity, totalCents]);
    },
    async find(orderId) {
      if (!UUID.test(orderId)) return undefined;
      const [row] = (await database.query<Row>(FIND, [orderId])).rows;
      if (!row) return undefined;
      const { created_at, ...order } = row;
      return { ...order, createdAt: created_at.toISOString() };
    },
    async check() {
      await database.query(CHECK);
    },
    async fulfil(orderId, release) {
      await database.query(FULFIL, [orderId, release]);
    },
    async countSideEffects(since, until) {
      const [counts] = (await database.query<{ email: number; payment: number }>(COUNT, [since, until])).rows;
      return counts ?? { email: 0, payment: 0 };
    },
  };
}
