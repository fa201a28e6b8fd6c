import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as clients from '../../lib/adapters/aws/clients.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { COMPLAINTS, planAsking } from '../fixtures/people.ts';
import { drillAt, type Rig } from '../fixtures/rig.ts';
import { apiOf } from '../lib/api/fixtures/api.ts';
import { sweptWorld } from './aws-world.ts';
import type { World } from './world.ts';

/** What the function of the API may do with the table, and with which partitions. See lib/infra/grants/records.ts. */
const READS = ['GetItem', 'Query', 'ConditionCheckItem'];
const WRITES = ['PutItem', 'UpdateItem'];
const PARTITIONS = /^DRILL#/;

interface Use {
  readonly action: string;
  readonly pk: string;
}

describe('what people do by the API stays within what its function may do', () => {
  let world: World;
  const uses: Use[] = [];
  beforeAll(async () => {
    world = await sweptWorld();
    clients.dynamo().middlewareStack.add(
      (next, { commandName = '' }) =>
        (sent) => {
          uses.push(...usesOf(commandName, sent.input));
          return next(sent);
        },
      { step: 'initialize' },
    );
  });
  afterAll(() => world.close());

  test.each<[string, () => Promise<Rig>, string, object, number]>([
    ['approvals', asking, 'approvals', {}, 200],
    ['an approval that is refused', asking, 'approvals', { planDigest: 'another' }, 409],
    ['reports', deployed, 'triggers', { name: 'complaints' }, 200],
    ['reports that only page', deployed, 'triggers', { name: 'corrupted' }, 200],
    ['holding', deciding, 'decision', { decision: 'hold', for: '3m' }, 200],
    ['confirming', deciding, 'decision', { decision: 'roll-back' }, 200],
    ['aborting a drill that waits', asking, 'abort', {}, 202],
    ['aborting a drill that has deployed', deployed, 'abort', {}, 202],
  ])('%s', async (_, situation, path, body, status) => {
    const api = apiOf(await situation());
    uses.length = 0;
    expect(await api.call('POST', `/drills/reach-${drills}/${path}`, { body })).toMatchObject({ status });
    const written = uses.filter(({ action }) => !READS.includes(action));
    expect(written.length).toBeGreaterThan(0);
    for (const { action, pk } of written) {
      expect(WRITES).toContain(action);
      expect(pk).toMatch(PARTITIONS);
    }
  });

  let drills = 0;
  const through = (ports: Ports): Ports => {
    const { journal, locks, waits, receipts } = world;
    return { ...ports, journal, locks, waits, receipts };
  };
  /** All of them are drills of one target: whoever comes next finds its lock free. */
  async function drilled(stage: Parameters<typeof drillAt>[0], asked: Parameters<typeof planAsking>[0]) {
    for (const id of await world.journal.openDrills())
      for (const resource of Object.keys((await world.journal.read(id)).fence ?? {}))
        await world.locks.release(resource, id);
    const drillId = `reach-${++drills}`;
    return drillAt(stage, { plan: planAsking(asked), drillId, startedBy: 'user/ana', through });
  }

  async function asking(): Promise<Rig> {
    const rig = await drilled('locked', { approvals: '{people: 1, within: 30m}' });
    await rig.steps.checkGuardrails();
    await rig.watch(8_000);
    await rig.steps.awaitApproval();
    return rig;
  }

  async function deployed(): Promise<Rig> {
    const rig = await drilled('deployed', { triggers: COMPLAINTS });
    await rig.steps.awaitTrigger();
    return rig;
  }

  async function deciding(): Promise<Rig> {
    const rollback = 'confirm: {within: 2m}\n  hold: {upTo: 10m}';
    const rig = await drilled('deployed', { rollback, triggers: COMPLAINTS });
    await rig.steps.awaitTrigger();
    await rig.watch(10_000);
    await rig.steps.decideRollback({ kind: 'trigger', reason: 'smoke-red' });
    await rig.steps.awaitDecision();
    return rig;
  }
});

/** A transaction needs the permissions of its parts. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
function usesOf(command: string, input: unknown): readonly Use[] {
  const { TransactItems, Key, Item } = input as {
    readonly TransactItems?: readonly Readonly<Record<string, object>>[];
    readonly Key?: { readonly pk: string };
    readonly Item?: { readonly pk: string };
  };
  if (!TransactItems) return [{ action: command.replace('Command', ''), pk: (Key ?? Item)?.pk ?? '' }];
  return TransactItems.flatMap((parts) =>
    Object.entries(parts).flatMap(([kind, part]) =>
      usesOf(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, part),
    ),
  );
}
