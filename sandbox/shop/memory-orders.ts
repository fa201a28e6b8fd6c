import type { Orders, PlacedOrder, SideEffect } from './orders.ts';

const MOST_ORDERS = 10_000;

/** Orders of a task that was started without a database. They end with it; the oldest go when its memory is full. */
export function memoryOrders(now: () => number = Date.now): Orders {
  const orders = new Map<string, PlacedOrder>();
  const fulfilled = new Map<string, { readonly kind: SideEffect; readonly atMs: number }[]>();
  return {
    async place(orderId, order) {
      orders.set(orderId, { ...order, orderId, status: 'placed', createdAt: new Date(now()).toISOString() });
      for (const oldest of orders.keys()) {
        if (orders.size <= MOST_ORDERS) return;
        orders.delete(oldest);
        fulfilled.delete(oldest);
      }
    },
    find: async (orderId) => orders.get(orderId),
    async check() {},
    async fulfil(orderId) {
      const order = orders.get(orderId);
      if (!order || fulfilled.has(orderId)) return;
      const atMs = now();
      fulfilled.set(orderId, [
        { kind: 'email', atMs },
        { kind: 'payment', atMs },
      ]);
      orders.set(orderId, { ...order, status: 'paid' });
    },
    async countSideEffects(since, until) {
      const within = [...fulfilled.values()]
        .flat()
        .filter(({ atMs }) => atMs >= since.getTime() && atMs < until.getTime());
      const count = (kind: SideEffect): number => within.filter((each) => each.kind === kind).length;
      return { email: count('email'), payment: count('payment') };
    },
  };
}
