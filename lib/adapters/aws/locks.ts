import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { iso } from '../../drill/clock.ts';
import { FenceRaised, TransientFault } from '../../drill/errors.ts';
import type { Clock, LockAttempt, Locks } from '../../ports.ts';
import type { Key, Table } from './table.ts';

/** Clocks of writers may differ by this much. */
const SKEW_MS = 5_000;

/** The item of a lock is never deleted: its fence only grows. */
export function dynamoLocks(table: Table, clock: Pick<Clock, 'now'>): Locks {
  return {
    acquire: (resource, drillId, leaseMs) => acquire(table, clock.now(), resource, drillId, leaseMs),
    async raiseFence(resource, drillId, leaseMs) {
      const { Attributes } = await update(table, resource, {
        UpdateExpression: 'SET leaseUntil = :until, fence = fence + :one',
        ConditionExpression: 'heldBy = :drill',
        ExpressionAttributeValues: { ':drill': drillId, ':until': iso(clock.now() + leaseMs), ':one': 1 },
      }).catch(async (error: unknown) => {
        ignoreFailedCondition(error);
        throw new FenceRaised(drillId, Number((await read(table, resource))?.fence ?? 0));
      });
      return Attributes?.fence as number;
    },
    async release(resource, drillId) {
      await update(table, resource, {
        UpdateExpression: 'REMOVE heldBy, heldSince, leaseUntil',
        ConditionExpression: 'heldBy = :drill',
        ExpressionAttributeValues: { ':drill': drillId },
      }).catch(ignoreFailedCondition);
    },
    async holder(resource) {
      return (await read(table, resource))?.heldBy as string | undefined;
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
  try {
    const { Attributes } = await update(table, resource, {
      UpdateExpression:
        'SET heldBy = :drill, heldSince = :now, leaseUntil = :until, fence = if_not_exists(fence, :zero) + :one',
      ConditionExpression: 'attribute_not_exists(heldBy) OR leaseUntil < :expired',
      ExpressionAttributeValues: {
        ':drill': drillId,
        ':now': iso(now),
        ':until': iso(now + leaseMs),
        ':expired': iso(now - SKEW_MS),
        ':zero': 0,
        ':one': 1,
      },
    });
    return { kind: 'locked', fence: Attributes?.fence as number };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const item = await read(table, resource);
    if (item?.heldBy === drillId) return { kind: 'locked', fence: item.fence as number };
    if (!item?.heldBy) throw new TransientFault(`${resource} was released at this moment`);
    return {
      kind: 'held',
      by: String(item.heldBy),
      since: String(item.heldSince),
      until: String(item.leaseUntil),
    };
  }
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

async function read(table: Table, resource: string): Promise<Record<string, unknown> | undefined> {
  return (
    await table.dynamo.send(
      new GetCommand({ TableName: table.name, Key: lockKey(resource), ConsistentRead: true }),
    )
  ).Item;
}

function ignoreFailedCondition(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
