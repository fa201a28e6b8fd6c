import { setTimeout as sleep } from 'node:timers/promises';
import { sfn } from '../adapters/aws/clients.ts';
import { endOf } from '../adapters/aws/executions.ts';
import { journal, receipts } from '../adapters/aws/wiring/records.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Timeline } from './timeline.ts';

const LOOK_EVERY_MS = 200;

/** After the execution has ended the watchdog finishes the drill; longer than this it does not take. */
const WATCHDOG_LIMIT_MS = 15 * 60_000;

class NotSealed extends Error {
  override readonly name = 'NotSealed';
}

/** Shows the drill as it goes, until its receipt or record is there and its execution has ended. */
export async function follow(
  drillId: string,
  executionArn: string,
  timeline: Timeline,
): Promise<Receipt | DrillRecord> {
  const [drills, sealed, executions] = [journal(), receipts(), sfn()];
  let endedAt: number | undefined;
  for (;;) {
    const end = endedAt === undefined ? await endOf(executions, executionArn) : null;
    const record = end || endedAt !== undefined ? await sealed.find(drillId) : undefined;
    const drill = await drills.read(drillId).catch(notYetOpened);
    if (drill) timeline.show(drill, Date.now());
    if (record) return record;
    if (end && !drill)
      throw new NotSealed(`the execution ended as ${end.status} before the drill was opened: ${end.error}`);
    if (end) endedAt = Date.now();
    if (endedAt !== undefined && Date.now() - endedAt > WATCHDOG_LIMIT_MS)
      throw new NotSealed(`drill ${drillId} was not sealed within ${WATCHDOG_LIMIT_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

function notYetOpened(error: Error): undefined {
  if (error.name !== 'DrillNotFound') throw error;
}
