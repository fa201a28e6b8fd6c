import { join } from 'node:path';
import type { Journal, Plans } from '../../../ports/drills.ts';
import type { Locks } from '../../../ports/locks.ts';
import type { DrillHistory, DrillIndex, Receipts } from '../../../ports/receipts.ts';
import type { StatisticsStore } from '../../../ports/statistics.ts';
import type { Waits } from '../../../ports/waits.ts';
import type { Series } from '../../../ports/witness.ts';
import { systemClock as clock } from '../../clock.ts';
import { deployedPlans } from '../../plans.ts';
import * as clients from '../clients.ts';
import { dynamoDrillHistory } from '../drill-history.ts';
import { dynamoDrillIndex } from '../drill-index.ts';
import { environment } from '../environment.ts';
import { dynamoJournal } from '../journal.ts';
import { dynamoLocks } from '../locks.ts';
import { awsReceipts, findSealed, takeNumber } from '../receipts.ts';
import { dynamoSeries } from '../series.ts';
import { dynamoStatistics } from '../statistics.ts';
import type { Table } from '../table.ts';
import { tokenWaits } from '../waits.ts';

/* What is stored: the table, and the archive. As everywhere here each port on its own, so that a bundle holds only what its function uses. */

export function plans(): Plans {
  return deployedPlans(join(environment().LAMBDA_TASK_ROOT, 'plans'));
}

export function journal(): Journal {
  return dynamoJournal(table(), clock);
}

export function locks(): Locks {
  return dynamoLocks(table(), clock);
}

export function waits(): Waits {
  return tokenWaits(table(), clients.sfn(), clock);
}

export function receipts(): Receipts {
  return awsReceipts(table(), { s3: clients.s3(), bucket: environment().BUCKET_NAME }, clock);
}

/** What is read of receipts, without what seals them. */
export function sealedReceipts(): Pick<Receipts, 'find'> {
  return { find: (drillId) => findSealed(table(), drillId) };
}

/** What numbers drills, without what seals them. */
export function numbers(): Pick<Receipts, 'number'> {
  return { number: (drill) => takeNumber(table(), drill, clock.now()) };
}

export function drillIndex(): DrillIndex {
  return dynamoDrillIndex(table());
}

export function statistics(): StatisticsStore {
  return dynamoStatistics(table());
}

export function drillHistory(): DrillHistory {
  return dynamoDrillHistory(table());
}

export function series(): Series {
  return dynamoSeries(table(), clock);
}

function table(): Table {
  return { dynamo: clients.dynamo(), name: environment().TABLE_NAME };
}
