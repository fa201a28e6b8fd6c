import { expect, test } from 'vitest';
import { markdown } from '../../../lib/report/markdown.ts';
import { statisticsOf } from '../../../lib/steps/answers/statistics.ts';
import { planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt, type Rig, startRig } from '../../fixtures/rig.ts';
import { type Api, apiOf } from './fixtures/api.ts';

const TARGET = 'ecs:demo/shop';
const AS_OF = '2026-11-03T12:00:00Z';

test('reading stores nothing, not even what was asked', async () => {
  const { rig } = await sealedDrill();
  const written: string[] = [];
  const watched = apiOf(rig, (ports) => ({
    ...ports,
    journal: new Proxy(ports.journal, {
      get(journal, name: keyof typeof ports.journal) {
        if (name !== 'read' && name !== 'openDrills') written.push(name);
        return journal[name];
      },
    }),
    waits: new Proxy(ports.waits, {
      get(waits, name: keyof typeof ports.waits) {
        written.push(name);
        return waits[name];
      },
    }),
  }));
  for (const path of READS) expect(await watched.call('GET', path), path).toMatchObject({ status: 200 });
  expect(written).toEqual([]);
});

test('health tells of records that cannot be reached by a fault, and not that all is well', async () => {
  const { rig } = await sealedDrill();
  const lost = apiOf(rig, (ports) => ({
    ...ports,
    statistics: { ...ports.statistics, page: () => Promise.reject(new Error('the table is gone')) },
  }));
  await expect(lost.call('GET', '/health')).rejects.toThrow('the table is gone');
  expect(await apiOf(rig).call('GET', '/health')).toMatchObject({
    status: 200,
    document: { status: 'ok' },
  });
});

test('statistics are those of the command line, for the day that is asked for', async () => {
  const { api } = await sealedDrill();
  const { document } = await api.call('GET', `/targets/${TARGET}/statistics?asOf=${AS_OF}`);
  const answer = await statisticsOf(api.ports, { target: TARGET, asOf: Date.parse(AS_OF) });
  expect(document).toEqual(JSON.parse(JSON.stringify(answer)));
  expect(document).toMatchObject({ label: 'drills', daysSinceLastPass: 0, rollbackSpeed: { n: 1 } });
});

test('a target may be written as it is, or percent-encoded', async () => {
  const { api } = await sealedDrill();
  const [plain, encoded] = await Promise.all(
    [TARGET, encodeURIComponent(TARGET)].map((target) =>
      api.call('GET', `/targets/${target}/statistics?asOf=${AS_OF}`),
    ),
  );
  expect(plain).toMatchObject({ status: 200 });
  expect(encoded?.text).toBe(plain?.text);
});

test('lists are told page by page, each item once', async () => {
  const { api, rig } = await sealedDrill();
  const second = startRig({ drillId: 'drill-2', beside: rig });
  await second.steps.loadPlan();
  const found: unknown[] = [];
  let cursor = '';
  for (let page = 0; page < 5; page++) {
    const { document } = await api.call('GET', `/targets/${TARGET}/drills?limit=1${cursor}`);
    found.push(...(document.items as unknown[]));
    if (document.next === null) break;
    cursor = `&cursor=${document.next}`;
  }
  expect(found).toMatchObject([
    { id: 'drill-2', outcome: null, number: null },
    { id: DRILL_ID, outcome: 'passed', number: 1 },
  ]);
  expect((await api.call('GET', '/targets')).document).toEqual({
    items: [
      {
        target: TARGET,
        drills: 1,
        lastDrill: { number: 1, outcome: 'passed', startedAt: expect.any(String) },
        graduated: false,
      },
    ],
    next: null,
  });
});

test('a cursor is taken back only unchanged, and only for its own list', async () => {
  const { api, rig } = await sealedDrill();
  await startRig({ drillId: 'drill-2', beside: rig }).steps.loadPlan();
  const list = `/targets/${TARGET}/drills`;
  const { document } = await api.call('GET', `${list}?limit=1`);
  const cursor = String(document.next);
  expect(await api.call('GET', `${list}?cursor=${cursor}`)).toMatchObject({ status: 200 });
  for (const wrong of [
    cursor.slice(1),
    `${cursor}A`,
    cursor.toLowerCase(),
    cursor.split('').reverse().join(''),
  ])
    expect(await api.call('GET', `${list}?cursor=${wrong}`), wrong).toMatchObject({ status: 400 });
  expect(await api.call('GET', `/targets?cursor=${cursor}`)).toMatchObject({ status: 400 });
  expect(await api.call('GET', `/targets/${TARGET}x/drills?cursor=${cursor}`)).toMatchObject({ status: 400 });
});

test('a running drill tells what people are asked for', async () => {
  const plan = planAsking({ approvals: '{people: 2, within: 30m}' });
  const rig = await drillAt('locked', { plan, startedBy: 'user/ana' });
  await rig.steps.checkGuardrails();
  await rig.watch(8_000);
  await rig.steps.awaitApproval();
  const { document } = await apiOf(rig).call('GET', `/drills/${DRILL_ID}`);
  expect(document).toMatchObject({
    id: DRILL_ID,
    target: TARGET,
    outcome: null,
    number: null,
    state: 'AwaitApproval',
    phase: 'awaiting-approval',
    asked: {
      approval: { people: 2, given: 0, until: expect.any(String), digest: expect.any(String) },
      decision: null,
      triggers: [],
    },
  });
});

test('a drill that is over tells its outcome, and asks nobody for anything', async () => {
  const { api } = await sealedDrill();
  expect((await api.call('GET', `/drills/${DRILL_ID}`)).document).toMatchObject({
    outcome: 'passed',
    number: 1,
    phase: 'over',
    asked: { approval: null, decision: null, triggers: [] },
    marks: { restored: expect.any(String) },
  });
});

test('there is no receipt of a drill that is not over', async () => {
  const rig = await drillAt('triggered');
  expect(await apiOf(rig).call('GET', `/drills/${DRILL_ID}/receipt`)).toMatchObject({ status: 409 });
});

test('a receipt is told as it was sealed, or as a page, as the client likes it best', async () => {
  const { api, rig } = await sealedDrill();
  const receipt = await rig.stores.receipts.find(DRILL_ID);
  if (!receipt) throw new Error('there is no receipt');
  const as = (accept?: string) =>
    api.call('GET', `/drills/${DRILL_ID}/receipt`, { headers: accept === undefined ? {} : { accept } });
  for (const accept of [undefined, '*/*', 'application/json', 'application/*;q=0.5, text/html;q=0.4'])
    expect((await as(accept)).document, accept).toEqual(JSON.parse(JSON.stringify(receipt)));
  for (const accept of ['text/markdown', 'text/html;q=0.1, text/markdown', 'text/*;q=0.2, text/html;q=0'])
    expect((await as(accept)).text, accept).toBe(markdown(receipt));
  const page = await as('text/html,application/xhtml+xml,*/*;q=0.8');
  expect(page.text).toMatch(/^<!doctype html>/);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

test('readiness tells which targets must be drilled again, and why', async () => {
  const { rig } = await sealedDrill();
  const on = async (asOf: string, pathNow: Api['ports']['pathNow']) => {
    const api = apiOf(rig, (ports) => ({ ...ports, pathNow }));
    const { document } = await api.call('GET', `/readiness?asOf=${asOf}`);
    return (document.items as { mustDrill: boolean; reasons: readonly string[] }[])[0];
  };
  const gone = async () => undefined;
  expect(await on('2026-11-04', gone)).toMatchObject({
    target: TARGET,
    mustDrill: false,
    reasons: [],
    daysSinceLastPass: 1,
    pathChangedSinceRehearsal: null,
    unknown: { pathChangedSinceRehearsal: expect.any(String) },
  });
  expect(await on('2027-11-04', gone)).toMatchObject({
    mustDrill: true,
    reasons: [expect.stringMatching(/^readiness \d+(\.\d)? < 50: /)],
  });
  expect(await on('2026-11-04', async () => ({ plan: 'sha256:other', target: 'other' }))).toMatchObject({
    mustDrill: true,
    pathChangedSinceRehearsal: true,
    reasons: [expect.stringContaining('must be drilled again')],
  });
});

async function sealedDrill(): Promise<{ rig: Rig; api: Api }> {
  const rig = await drillAt('validated');
  await rig.steps.stabilise();
  await rig.watch(70_000);
  await rig.steps.sealReceipt();
  return { rig, api: apiOf(rig) };
}

const READS = [
  '/health',
  '/openapi.json',
  '/targets',
  '/readiness',
  `/targets/${TARGET}/drills`,
  `/targets/${TARGET}/statistics`,
  `/drills/${DRILL_ID}`,
  `/drills/${DRILL_ID}/receipt`,
];
