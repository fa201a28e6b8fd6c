/** What can be made wrong with the shop, besides a bad release. */
const SHOP_FAULTS = [
  'orphaned-orders',
  'double-charged',
  'sessions-invalid',
  'consumer-stays-bad',
  'endpoint-down',
  'metrics-off-baseline',
] as const;

export type ShopFault = (typeof SHOP_FAULTS)[number];

/** Whether a fault that shows after a rollback shows now. */
export type Shows = (fault: ShopFault) => boolean;

export function parseFaults(text: string): readonly ShopFault[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isShopFault(name));
  if (unknown !== undefined)
    throw new Error(`SHOP_FAULTS must be some of ${SHOP_FAULTS.join(', ')}. Received: ${unknown}.`);
  return names.filter(isShopFault);
}

function isShopFault(name: string): name is ShopFault {
  return SHOP_FAULTS.some((fault) => fault === name);
}
