import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARKS, marksOutOfOrder } from '../../lib/drill/clock.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { visitedStates } from '../deploy/drill.ts';
import { STATES_OF_A_PASSED_DRILL } from '../deploy/expected-states.ts';
import { drill, drillJson, planFile, truthOf } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

/** How far a mark may be from what truly happened: half of all marks, and any mark on a busy machine. */
const HONEST_WITHIN_MS = { half: 50, any: 250 };

const INSIDE_VALIDATE = new Set(['ByKind', 'SyntheticTransaction', 'CountSideEffects']);

describe('two drills in a row', () => {
  let sandbox: SharedSandbox;
  let first: Receipt;
  let second: Receipt;

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    const plan = planFile(sandbox.directory);
    first = (await drillJson(sandbox.directory, 'run', plan)).receipt;
    second = (await drillJson(sandbox.directory, 'run', plan)).receipt;
  }, 120_000);
  afterAll(() => sandbox.giveBack());

  it('never serve the known-bad release to anyone after restored, past the cache', () => {
    for (const receipt of [first, second]) {
      const restoredAt = Date.parse(receipt.marks.restored.at ?? '');
      const next =
        receipt === first ? Date.parse(second.marks.badDeployStarted.at ?? '') : Number.POSITIVE_INFINITY;
      const bad = truthOf(sandbox.directory).filter(
        ({ event, release, cacheHit, at }) =>
          event === 'response' && release === 'checkout-5xx' && !cacheHit && at > restoredAt && at < next,
      );
      expect(bad).toEqual([]);
    }
  });

  it('pass, and cite what they measured', () => {
    expect([first.outcome, second.outcome]).toEqual(['passed', 'passed']);
    expect(first.reasons.join()).toMatch(/rehearsal timer \d+ ms ≤ budget 180000 ms of trigger smoke-red/);
    // On a slow machine the deployment is complete before the trigger fires; then it cannot be stopped any more.
    expect(['ecs-stop-deployment', 'ecs-previous-task-definition']).toContain(first.path.used);
    expect(first.releases.runningAfter).toEqual(first.releases.lastHealthy);
  });

  it('have every mark, in order', () => {
    for (const { marks } of [first, second]) {
      expect(MARKS.filter((name) => marks[name].at === null)).toEqual(['approved']);
      expect(marksOutOfOrder(marks)).toEqual([]);
    }
  });

  it('visit the states that the deployed machine visits on a foreign engine', async () => {
    const sfn = new SFNClient(sandbox.client);
    const executionArn = `arn:aws:states:us-east-1:000000000000:execution:rollback-drill:${first.id}`;
    const visited = await visitedStates(sfn, executionArn);
    sfn.destroy();
    // The foreign engine's history leaves out what is inside of a Map.
    expect(visited.filter((state) => !INSIDE_VALIDATE.has(state))).toEqual([...STATES_OF_A_PASSED_DRILL]);
  });

  it('are numbered and chained', () => {
    expect(second.number).toBe(first.number + 1);
    expect(second.previousDigest).toBe(first.digest);
  });

  it('tell each probe mark as the access log tells that same probe', () => {
    const witnessed = truthOf(sandbox.directory).filter(
      ({ event, client }) => event === 'response' && client?.startsWith('rollback-drill-witness'),
    );
    const marks = [first, second].flatMap((receipt) => [
      receipt.marks.badServing,
      receipt.marks.triggerObserved,
      receipt.marks.stableFirstSeen,
    ]);
    expectHonest(
      marks.map((mark) => Math.min(...witnessed.map(({ at }) => Math.abs(at - Date.parse(mark.at ?? ''))))),
    );
  });

  it('tell the start of the rollback as the target knows it', () => {
    const startedAt = Date.parse(first.marks.badDeployStarted.at ?? '');
    const truth = truthOf(sandbox.directory).filter(
      ({ event, at }) => event === 'rollback-started' && at > startedAt,
    );
    expect(truth.map(({ by }) => by)).toEqual(['call', 'call']);
    expectHonest(
      [first, second].map(({ marks }, index) =>
        Math.abs((truth[index]?.at ?? 0) - Date.parse(marks.rollbackStarted.at ?? '')),
      ),
    );
  });

  it('leave receipts that verify, until something on them is altered', async () => {
    const files = [first, second].map((receipt) => written(receipt));
    expect((await drill(sandbox.directory, 'verify', ...files).ended).exitCode).toBe(0);
    const slower = { ...first, figures: { ...first.figures, rollbackSpeedMs: 1 } };
    const forged = await drill(sandbox.directory, 'verify', written(slower)).ended;
    expect(forged).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('figures.rollbackSpeedMs') });
    const swapped = await drill(sandbox.directory, 'verify', ...files.toReversed()).ended;
    expect(swapped).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('sequence') });
  });

  it('are archived byte for byte', async () => {
    const shown = await drill(
      sandbox.directory,
      'show',
      `${first.target}#${String(first.number).padStart(3, '0')}`,
      '--json',
    ).ended;
    expect(JSON.parse(shown.stdout)).toEqual(first);
  });

  function written(receipt: Receipt): string {
    const file = join(sandbox.directory, `${receipt.number}-${Math.random()}.json`);
    writeFileSync(file, JSON.stringify(receipt));
    expect(readFileSync(file, 'utf8')).toContain(receipt.id);
    return file;
  }
});

function expectHonest(distancesMs: readonly number[]): void {
  const sorted = distancesMs.toSorted((a, b) => a - b);
  expect(sorted[Math.floor((sorted.length - 1) / 2)]).toBeLessThanOrEqual(HONEST_WITHIN_MS.half);
  expect(sorted.at(-1)).toBeLessThanOrEqual(HONEST_WITHIN_MS.any);
}
