import { SendTaskHeartbeatCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { FenceRaised } from '../../drill/errors.ts';
import { fenceText } from '../../drill/fence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Signal, Waits } from '../../ports/waits.ts';
import { entryWrites, FENCE, fenced, missing, partition } from './journal.ts';
import { getItem, type Key, put, type Table, transact } from './table.ts';

/** The token was used, has expired, or its state is over: a late or doubled send is benign. */
const BENIGN = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

const SIGNALLED = 'signalled';

/**
 * Token and signal are two items. Whoever stores the second one finds the first: a signal before its token is not lost,
 * and neither is one whose sender died between storing and sending.
 */
export function tokenWaits(table: Table, sfn: SFNClient, clock: Pick<Clock, 'now'>): Waits {
  const waits: Waits = {
    async open(drillId, wait, token) {
      await table.dynamo.send(
        new PutCommand({ TableName: table.name, Item: { ...key(drillId, 'TOKEN', wait), token } }),
      );
      await waits.resend(drillId, wait);
    },
    async signal(holder, wait, signal, entries) {
      const { drillId } = holder.opened;
      const stored = put(table, { ...key(drillId, 'SIGNAL', wait), signal }, SIGNALLED);
      const [refused, token] = await Promise.all([
        transact(table, [
          ...fenced(table, holder),
          stored,
          ...entryWrites(table, holder.opened, entries, clock.now()),
        ]),
        read<string>(table, drillId, 'TOKEN', wait),
      ]);
      if (refused === FENCE) throw new FenceRaised(drillId, fenceText(holder.fence));
      if (refused !== undefined && refused !== SIGNALLED)
        return waits.signal(holder, wait, signal, await missing(table, holder.opened, entries));
      // A token that came after our look finds the stored signal by itself.
      if (refused === undefined && token) await succeed(sfn, token, signal);
      else await waits.resend(drillId, wait);
      return refused === undefined;
    },
    async resend(drillId, wait) {
      const [token, signal] = await Promise.all([
        read<string>(table, drillId, 'TOKEN', wait),
        read<Signal>(table, drillId, 'SIGNAL', wait),
      ]);
      if (token && signal) await succeed(sfn, token, signal);
    },
    async heartbeat(drillId, wait) {
      const token = await read<string>(table, drillId, 'TOKEN', wait);
      if (token) await sfn.send(new SendTaskHeartbeatCommand({ taskToken: token })).catch(unlessBenign);
    },
  };
  return waits;
}

async function succeed(sfn: SFNClient, taskToken: string, signal: Signal): Promise<void> {
  await sfn
    .send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(signal) }))
    .catch(unlessBenign);
}

function unlessBenign(error: Error): void {
  if (!BENIGN.has(error.name)) throw error;
}

async function read<T>(
  table: Table,
  drillId: string,
  what: 'TOKEN' | 'SIGNAL',
  wait: string,
): Promise<T | undefined> {
  const item = await getItem(table, key(drillId, what, wait));
  return item?.[what.toLowerCase()] as T | undefined;
}

function key(drillId: string, what: 'TOKEN' | 'SIGNAL', wait: string): Key {
  return { pk: partition(drillId), sk: `${what}#${wait}` };
}
