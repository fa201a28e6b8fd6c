import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { iso } from '../../drill/clock.ts';
import { FenceRaised, TransientFault } from '../../drill/errors.ts';
import { type Fence, fenceText } from '../../drill/fence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Holder } from '../../ports/drills.ts';
import type { HeldLock, LockAttempt, Locks } from '../../ports/locks.ts';
import { getItem, type Key, type Table, transact, type Write } from './table.ts';

/** Clocks of writers may differ by this much. */
const SKEW_MS = 5_000;

/** The item of a lock is never deleted: its fence only grows. */
export function dynamoLocks(table: Table, clock: Pick<Clock, 'now'>): Locks {
  const now = (): number => clock.now();
  return {
    acquire: (resource, drillId, leaseMs) => acquire(table, now(), resource, drillId, leaseMs),
    takeOver: (resource, seen, drillId, leaseMs) =>
      take(table, now(), resource, drillId, leaseMs, {
        ConditionExpression: 'heldBy = :seenBy AND fence = :seenFence AND leaseUntil = :seenUntil',
        ExpressionAttributeValues: {
          ':seenBy': seen.by,
          ':seenFence': seen.fence,
          ':seenUntil': seen.until,
        },
      }),
    async renew(holder, leaseMs) {
      const writes = renewals(table, holder, iso(now() + leaseMs));
      const refused = writes.length > 0 ? await transact(table, writes) : undefined;
      if (refused !== undefined) throw new FenceRaised(holder.opened.drillId, fenceText(holder.fence));
    },
    raiseFence: (resources, drillId, leaseMs) =>
      raiseAll(table, resources, drillId, () => iso(now() + leaseMs)),
    async release(resource, drillId) {
      await update(table, resource, {
        UpdateExpression: 'REMOVE heldBy, heldSince, leaseUntil',
        ConditionExpression: 'heldBy = :drill',
        ExpressionAttributeValues: { ':drill': drillId },
      }).catch(ignoreFailedCondition);
    },
    async holder(resource) {
      return (await getItem(table, lockKey(resource)))?.heldBy as string | undefined;
    },
  };
}

export function lockKey(resource: string): Key {
  return { pk: `LOCK#${resource}`, sk: 'LOCK' };
}

/** A drill that asks again for its own lock gets it, with the fence that it has. */
async function acquire(
  table: Table,
  now: number,
  resource: string,
  drillId: string,
  leaseMs: number,
): Promise<LockAttempt> {
  const attempt = await take(table, now, resource, drillId, leaseMs, {
    ConditionExpression: 'attribute_not_exists(heldBy)',
    ExpressionAttributeValues: {},
  });
  return attempt.kind === 'held' && attempt.by === drillId
    ? { kind: 'locked', fence: attempt.fence }
    : attempt;
}

async function take(
  table: Table,
  now: number,
  resource: string,
  drillId: string,
  leaseMs: number,
  condition: Pick<Update, 'ConditionExpression' | 'ExpressionAttributeValues'>,
): Promise<LockAttempt> {
  try {
    const { Attributes } = await update(table, resource, {
      UpdateExpression:
        'SET heldBy = :drill, heldSince = :now, leaseUntil = :until, fence = if_not_exists(fence, :zero) + :one',
      ConditionExpression: condition.ConditionExpression,
      ExpressionAttributeValues: {
        ':drill': drillId,
        ':now': iso(now),
        ':until': iso(now + leaseMs),
        ':zero': 0,
        ':one': 1,
        ...condition.ExpressionAttributeValues,
      },
    });
    return { kind: 'locked', fence: Attributes?.fence as number };
  } catch (error) {
    ignoreFailedCondition(error);
    const item = await getItem(table, lockKey(resource));
    if (!item?.heldBy) throw new TransientFault(`${resource} was released at this moment`);
    return { kind: 'held', ...heldLock(item, now) };
  }
}

function heldLock(item: Record<string, unknown>, now: number): HeldLock {
  const until = String(item.leaseUntil);
  return {
    by: String(item.heldBy),
    since: String(item.heldSince),
    until,
    fence: item.fence as number,
    hasExpired: Date.parse(until) < now - SKEW_MS,
  };
}

function renewals(table: Table, { opened, fence }: Holder, until: string): readonly Write[] {
  return Object.entries(fence ?? {}).map(([resource, number]) =>
    held(table, resource, opened.drillId, number, {
      UpdateExpression: 'SET leaseUntil = :until',
      ExpressionAttributeValues: { ':until': until },
    }),
  );
}

/** Others may raise it at the same time; each turn one of them comes through. */
const RAISE_ATTEMPTS = 12;

/** All at once: two that take over side by side must not each hold one half. */
async function raiseAll(
  table: Table,
  resources: readonly string[],
  drillId: string,
  until: () => string,
): Promise<Fence> {
  for (let attempt = 1; attempt <= RAISE_ATTEMPTS; attempt++) {
    const seen = await fencesOf(table, resources, drillId);
    const raised = Object.entries(seen).map(([resource, fence]) => [resource, fence + 1] as const);
    const writes = raised.map(([resource, fence]) =>
      held(table, resource, drillId, fence - 1, {
        UpdateExpression: 'SET leaseUntil = :until, fence = :raised',
        ExpressionAttributeValues: { ':until': until(), ':raised': fence },
      }),
    );
    if ((await transact(table, writes)) === undefined) return Object.fromEntries(raised);
  }
  throw new TransientFault(`the fence of drill ${drillId} could not be raised in ${RAISE_ATTEMPTS} attempts`);
}

async function fencesOf(table: Table, resources: readonly string[], drillId: string): Promise<Fence> {
  const items = await Promise.all(resources.map((resource) => getItem(table, lockKey(resource))));
  const fences = resources.map((resource, index) => [resource, Number(items[index]?.fence ?? 0)] as const);
  if (items.some((item) => item?.heldBy !== drillId))
    throw new FenceRaised(drillId, fenceText(Object.fromEntries(fences)));
  return Object.fromEntries(fences);
}

function held(
  table: Table,
  resource: string,
  drillId: string,
  fence: number,
  change: { readonly UpdateExpression: string; readonly ExpressionAttributeValues: Record<string, unknown> },
): Write {
  const Update = {
    TableName: table.name,
    Key: lockKey(resource),
    UpdateExpression: change.UpdateExpression,
    ConditionExpression: 'heldBy = :drill AND fence = :fence',
    ExpressionAttributeValues: { ':drill': drillId, ':fence': fence, ...change.ExpressionAttributeValues },
  };
  return { action: { Update }, meaning: 'taken over' };
}

type Update = Pick<
  ConstructorParameters<typeof UpdateCommand>[0],
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
>;

function update(table: Table, resource: string, expression: Update) {
  return table.dynamo.send(
    new UpdateCommand({
      TableName: table.name,
      Key: lockKey(resource),
      ReturnValues: 'ALL_NEW',
      ...expression,
    }),
  );
}

function ignoreFailedCondition(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
