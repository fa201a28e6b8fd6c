import { TransientFault } from '../../drill/errors.ts';
import type { ProductionEvent } from '../../ports/statistics.ts';
import { getItem, type Item, type Key, put, type Table, transact, type Write } from './table.ts';

/** An event that comes again later than this is counted again; EventBridge gives up after 24 hours. */
const REMEMBERED_SECONDS = 7 * 86_400;

const ATTEMPTS = 5;
const BEFORE = 'counted before';

/**
 * Counts an event into a target's item, once by its id. A deployment that belongs to it and was counted by its end, because
 * the end was told first, is taken back in the same transaction. Answers whether it was counted now.
 */
export async function countProduction(
  table: Table,
  item: Key,
  target: string,
  event: ProductionEvent,
): Promise<boolean> {
  const { id, counts, at, settles = [] } = event;
  const removeAt = Math.floor(Date.parse(at) / 1_000) + REMEMBERED_SECONDS;
  const keyOf = (of: string) => ({ pk: `PRODUCTION#${target}`, sk: of });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const settled = await Promise.all(
      settles.map((other) => settle(table, { ...keyOf(`deployment#${other}`), removeAt }, at)),
    );
    const refused = await transact(table, [
      put(table, { ...keyOf(`${counts}#${id}`), countedAt: at, removeAt }, BEFORE),
      ...settled.flatMap(({ write }) => write ?? []),
      counted(table, item, {
        at,
        counts,
        takenBack: settled.filter(({ isTakenBack }) => isTakenBack).length,
      }),
    ]);
    if (refused === undefined) return true;
    if (refused === BEFORE) return false;
  }
  throw new TransientFault(`${counts} ${id} of ${target} could not be counted in ${ATTEMPTS} attempts`);
}

interface Settled {
  readonly write: Write | null;
  readonly isTakenBack: boolean;
}

/** What ended before the event is a deployment of its own, although the event names it: what it goes back to. */
async function settle(table: Table, item: Item, at: string): Promise<Settled> {
  const counted = await getItem(table, item);
  if (!counted) return { write: put(table, item, 'counted meanwhile'), isTakenBack: false };
  const countedAt = counted.countedAt as string | undefined;
  if (countedAt === undefined || countedAt < at) return { write: null, isTakenBack: false };
  return { write: takenBack(table, { pk: item.pk, sk: item.sk }), isTakenBack: true };
}

function takenBack(table: Table, Key: Key): Write {
  const Update = {
    TableName: table.name,
    Key,
    UpdateExpression: 'REMOVE countedAt',
    ConditionExpression: 'attribute_exists(countedAt)',
  };
  return { action: { Update }, meaning: 'taken back meanwhile' };
}

interface Counted extends Pick<ProductionEvent, 'at' | 'counts'> {
  readonly takenBack: number;
}

/** Beside the statistics, and without their version: sealing and counting do not get into each other's way. */
function counted(table: Table, Key: Key, { at, counts, takenBack: less }: Counted): Write {
  const deployments = (counts === 'deployment' ? 1 : 0) - less;
  const Update = {
    TableName: table.name,
    Key,
    UpdateExpression:
      'SET #since = if_not_exists(#since, :at) ADD deployments :deployments, realRollbacks :rollbacks',
    ExpressionAttributeNames: { '#since': 'countedSince' },
    ExpressionAttributeValues: {
      ':at': at,
      ':deployments': deployments,
      ':rollbacks': counts === 'rollback' ? 1 : 0,
    },
  };
  return { action: { Update }, meaning: 'no condition' };
}
