import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../adapters/aws/clients.ts';
import { receipts } from '../adapters/aws/wiring/records.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { ARNS } from './settings.ts';

const LOOK_EVERY_MS = 100;
const LIMIT_MS = 14 * 60_000;

/**
 * Waits until the watchdog has finished every drill that an interrupted sandbox left open. The sandbox's own events have
 * woken it; it is woken once more in case they were lost. Answers what was sealed.
 */
export function finishLeftDrills(
  left: readonly string[],
  reason: string,
): Promise<readonly (Receipt | DrillRecord)[]> {
  return Promise.all(left.map((drillId) => finish(drillId, reason)));
}

async function finish(drillId: string, reason: string): Promise<Receipt | DrillRecord> {
  const sealed = receipts();
  await lambda().send(
    new InvokeCommand({
      FunctionName: ARNS.function('Watchdog'),
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ drillId, reason })),
    }),
  );
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline) {
    const record = await sealed.find(drillId);
    if (record) return record;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`drill ${drillId} was not finished within ${LIMIT_MS} ms; 'drill recover' tries again`);
}
