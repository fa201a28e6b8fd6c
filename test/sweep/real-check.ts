import { readFile } from 'node:fs/promises';
import { journal, locks } from '../../lib/adapters/aws/wiring/records.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { verify } from '../../lib/drill/verify.ts';
import type { RealCase } from './real-case.ts';
import { within } from './real-drill.ts';
import { type RealSandbox, shopService } from './real-sandbox.ts';

const SETTLED_WITHIN_MS = 15_000;
const LOOKS_AT_THE_SHOP = 9;

export interface Aftermath {
  readonly each: RealCase;
  readonly drillId: string;
  readonly record: Receipt | DrillRecord | undefined;
  /** The task definition that the shop had before. */
  readonly healthy: string;
  readonly startedAt: number;
  /** The last receipt before this one. */
  readonly previous: Receipt | undefined;
}

/** Which promises the drill broke. The shop has come to rest afterwards. */
export async function brokenBy(sandbox: RealSandbox, aftermath: Aftermath): Promise<readonly string[]> {
  const settled = await within(SETTLED_WITHIN_MS, async () => (await shopService()).settled);
  const checks = await Promise.all([
    settled ? [] : ['I1: the shop does not come to rest'],
    ...CHECKS.map((check) => check(sandbox, aftermath)),
  ]);
  return checks.flat();
}

type CheckAftermath = (sandbox: RealSandbox, aftermath: Aftermath) => Promise<readonly string[]>;

const CHECKS: readonly CheckAftermath[] = [
  isBack,
  nothingIsHeld,
  isSealed,
  nothingWasDoneTwice,
  isPaged,
  isTold,
];

async function isBack({ edgeUrl }: RealSandbox, { healthy }: Aftermath): Promise<readonly string[]> {
  const { taskDefinition } = await shopService();
  const answers = await Promise.all(
    Array.from({ length: LOOKS_AT_THE_SHOP }, async () => {
      const { status, headers } = await fetch(`${edgeUrl}/checkout/check`);
      return `${status} ${headers.get('x-release')}`;
    }),
  );
  const bad = answers.filter((answer) => answer !== '200 healthy');
  return [
    ...(taskDefinition === healthy ? [] : [`I1: the shop is left on ${taskDefinition}`]),
    ...(bad.length === 0 ? [] : [`I1: the shop answers ${bad[0]}`]),
  ];
}

async function nothingIsHeld(_: RealSandbox, { record }: Aftermath): Promise<readonly string[]> {
  const holder = record && (await within(2_000, async () => !(await locks().holder(record.target))));
  return record && !holder ? [`I2: ${record.target} is still locked`] : [];
}

async function isSealed(
  _: RealSandbox,
  { drillId, record, previous }: Aftermath,
): Promise<readonly string[]> {
  if (!record) return ['I3: there is no record'];
  const open = (await journal().openDrills()).includes(drillId) ? ['I3: the journal is still open'] : [];
  if (record.number === null) return open;
  const differences = verify(previous ? [previous, record] : [record]);
  return [...open, ...differences.map(({ part, message }) => `I3: ${part}: ${message}`)];
}

interface TruthLine {
  readonly at: number;
  readonly event: string;
  readonly release?: string;
}

/** As ECS knows it: no release was deployed more often than the drill says that it did. */
async function nothingWasDoneTwice(
  { truthFile }: RealSandbox,
  { record, startedAt }: Aftermath,
): Promise<readonly string[]> {
  const lines = (await readFile(truthFile, 'utf8')).split('\n').filter((line) => line !== '');
  const deployments = lines
    .map((line) => JSON.parse(line) as TruthLine)
    .filter(({ at, event }) => event === 'deployment' && at >= startedAt);
  const bad = deployments.filter(({ release }) => release !== 'healthy').length;
  const tried = record?.number ? record.path.tried : [];
  const accepted = tried.filter(({ result }) => result === 'accepted' || result === 'adopted').length;
  const back = deployments.length - bad;
  return [
    ...(bad > 1 ? [`I4: the known-bad release was deployed ${bad} times`] : []),
    ...(back > Math.max(1, accepted) ? [`I4: ${back} rollbacks took effect, ${accepted} are told`] : []),
  ];
}

async function isPaged(
  { outboxFile }: RealSandbox,
  { drillId, record }: Aftermath,
): Promise<readonly string[]> {
  const outbox = await readFile(outboxFile, 'utf8').catch(() => '');
  const pages = outbox.split('\n').filter((line) => line.includes(drillId) && line.includes('NOT RESTORED'));
  const wanted = record?.outcome === 'not-restored' ? 1 : 0;
  return pages.length === wanted ? [] : [`I1: ${pages.length} pages were sent, ${wanted} wanted`];
}

/** None of these faults lasts, and nobody else touches the shop. */
async function isTold(_: RealSandbox, { each, record }: Aftermath): Promise<readonly string[]> {
  const { outcome, reasons } = record ?? { outcome: 'none', reasons: [] };
  const told = `the outcome is ${outcome}: ${reasons.join('; ')}`;
  if (each.kind === 'clean') return outcome === 'passed' ? [] : [told];
  return outcome === 'not-restored' || outcome === 'compromised' ? [`I1: falsely, ${told}`] : [];
}
