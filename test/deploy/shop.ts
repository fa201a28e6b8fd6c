import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DescribeServicesCommand, type Service } from '@aws-sdk/client-ecs';
import type { Receipt } from '../../lib/drill/seal.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { until } from './command.ts';
import { clientsOf } from './world.ts';

const BAD_WITHIN_MS = 120_000;

/** Waits for the first answer of a known-bad release since `since`, and answers when it was; epoch milliseconds. */
export function knownBadMet({ truthFile }: Sandbox, since: number): Promise<number> {
  return until('an answer of the known-bad release', BAD_WITHIN_MS, async () => {
    const lines = (await readFile(truthFile, 'utf8')).split('\n');
    return lines
      .filter((line) => /"event":"response".*"release":"checkout-5xx"/.test(line))
      .map((line) => (JSON.parse(line) as { readonly at: number }).at)
      .find((at) => at >= since);
  });
}

/** The shop's users meet the healthy release, nothing else is deployed, and the receipt says so. */
export async function isRestored(sandbox: Sandbox, receipt: Receipt | undefined): Promise<void> {
  assert.equal((await shopService(sandbox)).deployments?.length, 1);
  const answer = await fetch(`${sandbox.edgeUrl}/checkout/check`, { signal: AbortSignal.timeout(5_000) });
  const release = answer.headers.get('x-release');
  assert.deepEqual([answer.status, release], [200, 'healthy']);
  assert.equal(receipt?.releases.runningAfter?.release, release);
}

async function shopService({ environment }: Sandbox): Promise<Service> {
  const { ecs } = clientsOf(environment);
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['shop'] }));
  const service = services?.[0];
  assert(service, 'the shop is not there');
  return service;
}
