import { describe, expect, test } from 'vitest';
import { cursorOf } from '../../../lib/api/cursor.ts';
import { ROUTES } from '../../../lib/api/routes.ts';
import { DRILL_ID, drillAt, type Rig, type Stage } from '../../fixtures/rig.ts';
import { type Api, apiOf } from './fixtures/api.ts';

const TARGET = 'ecs:demo/shop';

describe('a request that is wrong changes nothing, and is told why:', () => {
  test('one that nobody has signed, wherever it goes', async () => {
    const { api, unchanged } = await drilled();
    for (const { method, path } of ROUTES)
      expect(await api.call(method, path, { as: null })).toMatchObject({
        status: 403,
        headers: { 'content-type': 'application/problem+json' },
        document: { type: 'urn:rollback-drill:problem:forbidden', instance: 'urn:request:request-1' },
      });
    expect(await api.call('GET', '/nowhere', { as: null })).toMatchObject({ status: 403 });
    await unchanged();
  });

  test.each([
    ['/', 404],
    ['/nowhere', 404],
    ['/targets/', 404],
    ['/targets/nobody/statistics', 404],
    ['/targets/nobody/drills', 404],
    ['/drills/nobody', 404],
    ['/drills/nobody/receipt', 404],
    ['/targets/%ZZ/statistics', 400],
    ['/targets/%00/statistics', 400],
    [`/targets/${'x'.repeat(601)}/statistics`, 400],
    ['/drills/a%2Fb', 400],
    ['/drills/%E2%80%AE', 400],
    [`/drills/${'x'.repeat(81)}`, 400],
    ['/drills/..%2F..%2Fetc', 400],
    ['/drills/__proto__', 404],
    [`/targets/${TARGET}/statistics?asOf=yesterday`, 400],
    [`/targets/${TARGET}/statistics?asOf=2026-02-30`, 400],
    [`/targets/${TARGET}/statistics?asOf=2026-11-03&asOf=2026-11-04`, 400],
    [`/targets/${TARGET}/statistics?since=90d`, 400],
    ['/targets?limit=0', 400],
    ['/targets?limit=101', 400],
    ['/targets?limit=ten', 400],
    ['/targets?limit=1e1', 400],
    ['/targets?cursor=', 400],
    ['/targets?cursor=nonsense', 400],
    [`/targets?cursor=${cursorOf('readiness', TARGET)}`, 400],
    [`/targets/${TARGET}/drills?cursor=${cursorOf('drills of ecs:demo/other', 'DRILL#1')}`, 400],
    [`/targets?cursor=${'A'.repeat(5_000)}`, 400],
    ['/readiness?asOf=', 400],
    ['/health?deep=1', 400],
  ])('GET %s: %i', async (path, status) => {
    const { api, unchanged } = await drilled();
    const answer = await api.call('GET', path);
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
    expect(answer.document).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(answer.text.length).toBeLessThan(2_000);
    if (status === 400) expect(answer.document.errors).toMatchObject([{ field: expect.any(String) }]);
    await unchanged();
  });

  test('a method that is not there, with those that are', async () => {
    const { api } = await drilled();
    for (const [method, path, allow] of [
      ['POST', '/targets', 'GET'],
      ['GET', '/drills', 'POST'],
      ['DELETE', `/drills/${DRILL_ID}`, 'GET'],
      ['HEAD', '/health', 'GET'],
      ['PUT', `/drills/${DRILL_ID}/abort`, 'POST'],
    ] as const)
      expect(await api.call(method, path)).toMatchObject({ status: 405, headers: { allow } });
  });

  test('a form that is not on offer, with those that are', async () => {
    const { api } = await drilled();
    const receipt = `/drills/${DRILL_ID}/receipt`;
    for (const [path, accept] of [
      [receipt, 'image/png'],
      [receipt, 'application/pdf, image/*'],
      [receipt, 'application/json;q=0'],
      ['/health', 'text/html'],
    ] as const)
      expect(await api.call('GET', path, { headers: { accept } })).toMatchObject({
        status: 406,
        document: { detail: expect.stringContaining('application/json') },
      });
  });

  test.each([
    ['no JSON', '{', {}, 400],
    ['no object', '[]', {}, 400],
    ['null', 'null', {}, 400],
    ['nothing that is required', '{}', {}, 400],
    ['an unknown field', { name: 'complaints', by: 'root' }, {}, 400],
    ['a number for a text', { name: 1 }, {}, 400],
    ['an empty text', { name: '' }, {}, 400],
    ['a text that is too long', { name: 'x'.repeat(101) }, {}, 400],
    ['too much', { name: 'complaints', reason: 'x'.repeat(17_000) }, {}, 413],
    ['too much of nothing', ' '.repeat(1_000_000), {}, 413],
    ['another type', 'name=complaints', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['no type', { name: 'complaints' }, { 'content-type': '' }, 415],
    ['a prototype', '{"__proto__": {"name": "complaints"}}', {}, 400],
  ])('a body with %s', async (_, body, headers, status) => {
    const { api, unchanged } = await drilled('triggered');
    const answer = await api.call('POST', `/drills/${DRILL_ID}/triggers`, { body, headers });
    expect(answer).toMatchObject({ status, document: { status } });
    expect(answer.text.length).toBeLessThan(2_000);
    await unchanged();
  });

  test('every wrong field of a body at once, each with what is allowed', async () => {
    const { api } = await drilled('triggered');
    const body = { decision: 'perhaps', for: 'soon', because: 'x' };
    const { document } = await api.call('POST', `/drills/${DRILL_ID}/decision`, { body });
    expect(document.errors).toEqual([
      { in: 'body', field: 'decision', message: expect.stringContaining('neither roll-back nor hold') },
      { in: 'body', field: 'for', message: expect.stringContaining('is no duration') },
      { in: 'body', field: 'because', message: 'is no field of this; there are decision, for, reason' },
    ]);
  });

  test('bytes that are no UTF-8', async () => {
    const { api, unchanged } = await drilled('triggered');
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(await api.call('POST', `/drills/${DRILL_ID}/abort`, { body })).toMatchObject({ status: 400 });
    await unchanged();
  });
});

/** One drill for all of them: none of them changes it. */
const DRILLS = new Map<Stage, Promise<Rig>>();

async function drilled(stage: Stage = 'validated') {
  const drill = DRILLS.get(stage) ?? drillTo(stage);
  DRILLS.set(stage, drill);
  const rig = await drill;
  const api: Api = apiOf(rig);
  const before = JSON.stringify(await rig.drill());
  return {
    api,
    async unchanged() {
      expect(JSON.stringify(await rig.drill())).toBe(before);
      expect(api.started.size).toBe(0);
    },
  };
}

async function drillTo(stage: Stage): Promise<Rig> {
  const rig = await drillAt(stage);
  if (stage === 'validated') await rig.steps.sealReceipt();
  return rig;
}
