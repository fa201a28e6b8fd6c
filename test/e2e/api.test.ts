import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiClient, inPath, type Sent } from '../../docs/examples/api-client.ts';
import { attach } from '../../lib/cli/running.ts';
import { RESOURCES } from '../../lib/cli/settings.ts';
import { triggerToCallMs } from '../../lib/drill/figures.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { drill, noTriggers, planFile, truthOf } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const TARGET = 'ecs:demo/shop';
const READERS = 200;
/** What every reader asks for, one after the other. */
const READ = [
  '/readiness',
  `/targets/${inPath(TARGET)}/statistics`,
  `/targets/${inPath(TARGET)}/drills?limit=5`,
];
/** From the trigger to the rollback call, without waiting for people. */
const OWN_PART_MS = 1_000;
/** How far a mark may be from what truly happened, on a busy machine. */
const HONEST_WITHIN_MS = 250;
const LIMIT_MS = 30_000;

interface View {
  readonly id: string;
  readonly outcome: string | null;
  readonly asked: { readonly approval: object | null; readonly decision: object | null };
  readonly marks: Readonly<Record<string, string>>;
}

describe('the API of the sandbox, as people and their programs call it', () => {
  let sandbox: SharedSandbox;
  let url: string;
  let receipt: Receipt;
  let answers: readonly number[];

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    url = (await attach(sandbox.directory))?.apiUrl ?? '';
    [receipt, answers] = await drillOfPeople();
  }, 120_000);
  afterAll(() => sandbox.giveBack());

  it('is where drill sandbox says', async () => {
    expect(sandbox.command.written.stdout).toContain(`export DRILL_API_URL=${url}\n`);
    expect(await as('ana').call('GET', '/health')).toMatchObject({ status: 'ok' });
  });

  it('answers every one of two hundred readers during a drill', () => {
    expect(answers).toHaveLength(READERS * READ.length);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  });

  it('does not move the clock of the drill that is read', () => {
    const { marks, figures, path, outcome, reasons } = receipt;
    expect({ outcome, reasons }).toMatchObject({ outcome: 'passed' });
    expect(triggerToCallMs(marks, path.used, figures.humanWaitMs)).toBeLessThan(OWN_PART_MS);
    const since = Date.parse(marks.badDeployStarted.at ?? '');
    const truth = truthOf(sandbox.directory).filter(({ at }) => at > since);
    const witnessed = truth.filter(({ client }) => client?.startsWith('rollback-drill-witness'));
    expect(awayFrom(witnessed, marks.badServing)).toBeLessThanOrEqual(HONEST_WITHIN_MS);
    expect(awayFrom(witnessed, marks.stableFirstSeen)).toBeLessThanOrEqual(HONEST_WITHIN_MS);
    const started = truth.filter(({ event }) => event === 'rollback-started');
    expect(started.map(({ by }) => by)).toEqual(['call']);
    expect(awayFrom(started, marks.rollbackStarted)).toBeLessThanOrEqual(HONEST_WITHIN_MS);
  });

  it('has it in the receipt who did what, as the signatures say', () => {
    expect(receipt.people.map(({ by, did }) => `${by} ${did}`).toSorted()).toEqual([
      'role/deployers approved',
      'user/ana started',
      'user/ana tried to approve',
      'user/bob approved',
      'user/bob held',
      'user/dave reported a trigger',
      'user/erin confirmed',
    ]);
    expect(receipt.triggers.won).toMatchObject({ name: 'complaints', source: 'person', by: 'user/dave' });
  });

  it('tells of the drill what the command line tells', async () => {
    const path = `/drills/${receipt.id}/receipt`;
    expect(await as('ana').call('GET', path)).toEqual(receipt);
    const markdown = await as('ana').send('GET', path, { headers: { accept: 'text/markdown' } });
    expect(await markdown.text()).toContain(TARGET);
    const { stdout } = await drill(sandbox.directory, 'stats', '--target', TARGET, '--json').ended;
    const { asOf, ...told } = JSON.parse(stdout) as { readonly asOf: string };
    const statistics = `/targets/${inPath(TARGET)}/statistics?asOf=${encodeURIComponent(asOf)}`;
    expect(await as('ana').call('GET', statistics)).toMatchObject(told);
  });

  it('pages through the drills of a target, each of them once', async () => {
    const ids: string[] = [];
    const path = `/targets/${inPath(TARGET)}/drills?limit=1`;
    for await (const { id } of as('ana').all<View>(path)) ids.push(id);
    expect(ids).toContain(receipt.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('starts one drill for one key, and whoever aborts it is named', async () => {
    const sent = { body: { plan: 'shop-ecs' }, headers: { 'idempotency-key': `again-${receipt.id}` } };
    const started = await Promise.all(
      [1, 2].map(() => as('ana').call<{ drill: string }>('POST', '/drills', sent)),
    );
    expect(started[0]).toEqual(started[1]);
    const path = `/drills/${started[0]?.drill}`;
    await until(path, ({ asked }) => asked.approval !== null);
    const aborted = await as('bob').call('POST', `${path}/abort`, { body: { reason: 'not today' } });
    expect(aborted).toMatchObject({ by: 'user/bob', touched: false });
    await until(path, ({ outcome }) => outcome !== null);
    const record = await as('ana').call<DrillRecord>('GET', `${path}/receipt`);
    expect(record).toMatchObject({ outcome: 'aborted', number: null, startedBy: 'user/ana' });
    expect(record.people.at(-1)).toMatchObject({ by: 'user/bob', did: 'aborted' });
  });

  it('changes nothing for a request that is wrong, or that nobody has signed', async () => {
    const over = `/drills/${receipt.id}`;
    const json = (body: object): Sent => ({ body });
    const wrong: readonly (readonly [number, string, string, Sent?])[] = [
      [404, 'GET', '/nowhere'],
      [405, 'PUT', '/drills', json({})],
      [405, 'DELETE', over],
      [400, 'GET', '/targets?limit=0'],
      [400, 'GET', '/targets?limit=1&limit=2'],
      [400, 'GET', '/targets?cursor=nonsense'],
      [400, 'GET', `/targets/${inPath(TARGET)}/statistics?asOf=yesterday`],
      [400, 'GET', `/drills/${'x'.repeat(81)}`],
      [404, 'GET', '/drills/nobody/receipt'],
      [406, 'GET', `${over}/receipt`, { headers: { accept: 'image/png' } }],
      [400, 'POST', '/drills', json({ plan: 'no-such-plan' })],
      [400, 'POST', '/drills', json({ plan: 'shop-ecs', startedBy: 'user/root' })],
      [400, 'POST', '/drills', json({ plan: 7 })],
      [415, 'POST', '/drills', { ...json({ plan: 'shop-ecs' }), headers: { 'content-type': 'text/plain' } }],
      [413, 'POST', `${over}/abort`, json({ reason: 'x'.repeat(20_000) })],
      [409, 'POST', `${over}/abort`, json({ reason: 'too late' })],
      [409, 'POST', `${over}/triggers`, json({ name: 'complaints' })],
      [409, 'POST', `${over}/decision`, json({ decision: 'roll-back' })],
      [404, 'POST', '/drills/nobody/approvals', json({})],
    ];
    const before = await tableNow();
    for (const [status, method, path, sent] of wrong) {
      const answer = await as('ana').send(method, path, sent);
      expect([answer.status, answer.headers.get('content-type')], `${method} ${path}`).toEqual([
        status,
        'application/problem+json',
      ]);
      expect(await answer.json()).toMatchObject({
        status,
        type: expect.stringMatching(/^urn:rollback-drill:/),
      });
    }
    const huge = await as('ana').send('POST', '/drills', json({ plan: 'x'.repeat(7 * 1_048_576) }));
    expect(huge.status).toBe(413);
    const unsigned = { method: 'POST', body: '{"plan":"shop-ecs"}' };
    for (const answer of [await fetch(`${url}/health`), await fetch(`${url}/drills`, unsigned)])
      expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(await tableNow()).toEqual(before);
  });

  /** One that people approve, trigger, hold and confirm by the API, while others read. */
  async function drillOfPeople(): Promise<readonly [Receipt, readonly number[]]> {
    const running = drill(sandbox.directory, 'run', planOfPeople(), '--as', 'ana', '--json');
    await running.until(/drill approve/);
    const path = `/drills/${await openDrill()}`;
    expect((await as('ana').send('POST', `${path}/approvals`)).status).toBe(403);
    for (const person of ['bob', 'role.deployers.carol']) await as(person).call('POST', `${path}/approvals`);
    await running.until(/badServing/);
    const readers = Promise.all(Array.from({ length: READERS }, reader));
    await as('dave').call('POST', `${path}/triggers`, { body: { name: 'complaints', reason: 'they call' } });
    await until(path, ({ asked }) => asked.decision !== null);
    await as('bob').call('POST', `${path}/decision`, { body: { decision: 'hold', reason: 'one more call' } });
    await as('erin').call('POST', `${path}/decision`, { body: { decision: 'roll-back' } });
    const { stdout } = await running.ended;
    return [JSON.parse(stdout) as Receipt, (await readers).flat()];
  }

  async function reader(): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (const path of READ) {
      const answer = await as('ana').send('GET', path);
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    return statuses;
  }

  /** There is no IAM in the sandbox: the id of an access key says who has it. */
  function as(accessKeyId: string): Api {
    const credentials = { accessKeyId, secretAccessKey: 'sandbox' };
    return apiClient({ url, region: 'us-east-1', credentials });
  }

  async function openDrill(): Promise<string> {
    for await (const { id, outcome } of as('ana').all<View>(`/targets/${inPath(TARGET)}/drills`))
      if (outcome === null) return id;
    throw new Error('no drill is open');
  }

  async function until(path: string, holds: (view: View) => boolean): Promise<void> {
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
      const answer = await as('ana').send('GET', path);
      if (answer.ok && holds((await answer.json()) as View)) return;
      if (Date.now() > deadline) throw new Error(`${path} did not come to it within ${LIMIT_MS} ms`);
      await sleep(100);
    }
  }

  /** Without the probes: the witness of a drill that has ended may still write its last ones. */
  async function tableNow(): Promise<readonly string[]> {
    const dynamo = new DynamoDBClient(sandbox.client);
    const items: string[] = [];
    const asked = { TableName: RESOURCES.table, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: dynamo }, asked))
      items.push(
        ...Items.filter(({ pk }) => !pk?.S?.startsWith('SERIES#')).map((item) => JSON.stringify(item)),
      );
    dynamo.destroy();
    return items.toSorted();
  }

  function planOfPeople(): string {
    return planFile(sandbox.directory, (plan) => {
      const { triggers } = noTriggers(plan) as typeof plan;
      const complaints = { name: 'complaints', observedBy: 'person', condition: 'reported by a person' };
      return {
        triggers: [...triggers, { ...complaints, action: 'roll-back', budget: '3m' }],
        guardrails: { approvals: { people: 2, within: '60s' } },
        rollback: {
          confirm: { within: '30s' },
          hold: { upTo: '60s' },
          paths: ['automatic', 'ecs-stop-deployment', 'ecs-previous-task-definition'],
        },
      };
    });
  }
});

/** Milliseconds between a mark and what happened next to it. */
function awayFrom(truth: readonly { readonly at: number }[], mark: { readonly at: string | null }): number {
  return Math.min(...truth.map(({ at }) => Math.abs(at - Date.parse(mark.at ?? ''))));
}
