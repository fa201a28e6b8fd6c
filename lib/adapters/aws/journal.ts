import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { iso } from '../../drill/clock.ts';
import type { Entry, Opened } from '../../drill/entry.ts';
import { DrillNotFound, FenceRaised } from '../../drill/errors.ts';
import { fenceOf, fenceText } from '../../drill/fence.ts';
import type { Plan } from '../../drill/plan/plan.ts';
import { PHASES, type Phase } from '../../drill/states.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Abort, Drill, Holder, Journal } from '../../ports/drills.ts';
import { lockKey } from './locks.ts';
import { type Item, put, queryAll, type Table, transact, type Write } from './table.ts';

export const OPEN_DRILLS = 'OPEN';

/** Transactions hold at most 100 actions; a step appends far fewer. */
const MAX_ENTRIES = 90;

export function dynamoJournal(table: Table, clock: Pick<Clock, 'now'>): Journal {
  const journal: Journal = {
    async open(opened, plan) {
      await transact(table, [
        put(
          table,
          { ...headKey(opened.drillId), opened, plan: JSON.stringify(plan), phase: PHASES[0] },
          'opened before',
        ),
        put(table, { pk: OPEN_DRILLS, sk: opened.drillId, at: opened.at }, 'opened before'),
        put(
          table,
          {
            pk: 'DRILLS',
            sk: `${opened.at}#${opened.drillId}`,
            drillId: opened.drillId,
            target: opened.target,
          },
          'opened before',
        ),
        put(table, indexItem(opened), 'opened before'),
        ...entryWrites(table, opened, [{ kind: 'opened', key: 'opened', ...opened }], clock.now()),
      ]);
    },
    read: (drillId) => readDrill(table, drillId),
    async append(holder, entries) {
      if (entries.length === 0) return;
      const refused = await transact(table, [
        ...fenced(table, holder),
        ...entryWrites(table, holder.opened, entries, clock.now()),
      ]);
      if (refused === undefined) return;
      if (refused === FENCE) throw new FenceRaised(holder.opened.drillId, fenceText(holder.fence));
      await journal.append(holder, await missing(table, holder.opened, entries));
    },
    async enter(drillId, phase) {
      await set(table, drillId, 'phase', phase);
    },
    async requestAbort(drillId, abort) {
      const { opened } = await readDrill(table, drillId);
      await set(table, drillId, 'abort', abort);
      await journal.append({ opened, fence: null }, [
        { kind: 'aborted', key: 'aborted', ...abort, at: iso(clock.now()) },
      ]);
    },
    async openDrills() {
      return (await queryAll(table, OPEN_DRILLS)).map((item) => item.sk);
    },
  };
  return journal;
}

/** The drills of a target by the time of their start, below the key of the target. */
export const INDEX = 'DRILL#';

function indexItem({ at, drillId, target }: Opened): Item {
  return { pk: `TARGET#${target}`, sk: `${INDEX}${at}#${drillId}`, drillId, target, startedAt: at };
}

/** What `transact` answers when somebody else has taken over. */
export const FENCE = 'fence';

/** An actor writes only while it holds every lock with the highest fence; an observer always. */
export function fenced(table: Table, { opened, fence }: Holder): readonly Write[] {
  return Object.entries(fence ?? {}).map(([resource, number]) => {
    const ConditionCheck = {
      TableName: table.name,
      Key: lockKey(resource),
      ConditionExpression: 'heldBy = :drill AND fence = :fence',
      ExpressionAttributeValues: { ':drill': opened.drillId, ':fence': number },
    };
    return { action: { ConditionCheck }, meaning: FENCE };
  });
}

export function entryWrites(
  table: Table,
  { drillId }: Opened,
  entries: readonly Entry[],
  now: number,
): readonly Write[] {
  if (entries.length > MAX_ENTRIES)
    throw new RangeError(`${entries.length} entries at once > ${MAX_ENTRIES}`);
  return entries.map((entry, index) =>
    put(
      table,
      {
        pk: partition(drillId),
        sk: `ENTRY#${entry.key}`,
        order: `${iso(now)}#${String(index).padStart(3, '0')}`,
        entry,
      },
      entry.key,
    ),
  );
}

function headKey(drillId: string): { pk: string; sk: string } {
  return { pk: partition(drillId), sk: 'DRILL' };
}

export function partition(drillId: string): string {
  return `DRILL#${drillId}`;
}

async function readDrill(table: Table, drillId: string): Promise<Drill> {
  const items = await queryAll(table, partition(drillId));
  const head = items.find((item) => item.sk === 'DRILL');
  if (!head) throw new DrillNotFound(drillId);
  const journal = entriesIn(items);
  return {
    opened: head.opened as Opened,
    plan: JSON.parse(head.plan as string) as Plan,
    journal,
    phase: head.phase as Phase,
    abort: (head.abort as Abort | undefined) ?? null,
    fence: fenceOf(journal),
  };
}

function entriesIn(items: readonly Item[]): readonly Entry[] {
  return items
    .filter((item) => item.sk.startsWith('ENTRY#'))
    .toSorted((a, b) => (a.order as string).localeCompare(b.order as string))
    .map((item) => item.entry as Entry);
}

/** Those whose key is not there yet. */
export async function missing(
  table: Table,
  { drillId }: Opened,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const there = new Set((await queryAll(table, partition(drillId), 'ENTRY#')).map((item) => item.sk));
  return entries.filter((entry) => !there.has(`ENTRY#${entry.key}`));
}

async function set(table: Table, drillId: string, attribute: string, value: unknown): Promise<void> {
  await table.dynamo.send(
    new UpdateCommand({
      TableName: table.name,
      Key: headKey(drillId),
      UpdateExpression: 'SET #attribute = :value',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}
