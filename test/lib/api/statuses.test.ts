import { beforeEach, describe, expect, test, vi } from 'vitest';
import { lambda } from '../../../functions/stack.ts';
import { HttpEvent } from '../../../lib/api/event.ts';
import document from '../../../lib/api/openapi.json' with { type: 'json' };
import { faultResult, respond } from '../../../lib/api/respond.ts';
import type { ApiPorts, Route } from '../../../lib/api/route.ts';
import { ROUTES } from '../../../lib/api/routes.ts';
import { TransientFault } from '../../../lib/drill/errors.ts';
import { COMPLAINTS, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt } from '../../fixtures/rig.ts';
import { type Answer, type Api, apiOf, eventOf, type Sent } from './fixtures/api.ts';

/* Every answer that is documented can come, and no other comes. */

const SECRET = 'the password is hunter2';
const BODIES: Readonly<Record<string, object>> = {
  startDrill: { plan: 'shop' },
  reportTrigger: { name: 'complaints' },
  decideRollback: { decision: 'roll-back' },
};

describe.each(ROUTES.map((route) => [route.operation, route] as const))('%s', (operation, route) => {
  const seen = new Set<number>();
  beforeEach(() => {
    vi.spyOn(console, 'log').mockReturnValue(undefined);
  });

  async function see(answer: Promise<Answer> | Answer): Promise<Answer> {
    const found = await answer;
    seen.add(found.status);
    return found;
  }

  test('tells nothing of what broke', async () => {
    for (const fault of [new Error(SECRET), new TransientFault(SECRET)]) {
      const answer = await see(broken(route, fault));
      if (operation === 'readDocument') continue;
      expect(answer.status).toBe(fault instanceof TransientFault ? 503 : 500);
      expect(answer.text).not.toMatch(/hunter2|\.ts|stack|at /);
      expect(answer.document).toMatchObject({ instance: 'urn:request:request-1' });
    }
    expect(await see(unreadable(route))).toMatchObject({ status: 500 });
  });

  test('answers what is documented, and nothing else', async () => {
    const api = apiOf(await drillAt('deployed', { plan: planAsking({ triggers: COMPLAINTS }) }));
    await see(api.call(route.method, pathOf(route), { as: null }));
    await see(send(api, route, { headers: { accept: 'image/png' } }));
    await see(api.call(route.method, `${pathOf(route)}?nonsense=1`, bodyOf(route)));
    await see(send(api, route, { body: { reason: 'x'.repeat(20_000) } }));
    await see(send(api, route, { headers: { 'content-type': 'text/plain' } }));
    for (const answer of (await OWN[operation]?.(api, route)) ?? []) await see(answer);
    const { responses } = documented(route);
    expect([...seen].toSorted()).toEqual(Object.keys(responses).map(Number).toSorted());
  });
});

/** What a route alone answers, in situations of its own. */
const OWN: Readonly<Record<string, (api: Api, route: Route) => Promise<readonly Answer[]>>> = {
  readHealth: one,
  readDocument: one,
  listTargets: one,
  readReadiness: one,
  async readStatistics(api) {
    const sealed = apiOf(await sealedDrill());
    return [
      await sealed.call('GET', '/targets/ecs:demo/shop/statistics'),
      await api.call('GET', '/targets/nobody/statistics'),
    ];
  },
  listDrills: async (api, route) => [await send(api, route), await api.call('GET', '/targets/nobody/drills')],
  readDrill: async (api, route) => [await send(api, route), await api.call('GET', '/drills/nobody')],
  readReceipt: async (api, route) => [
    await send(api, route),
    await api.call('GET', '/drills/nobody/receipt'),
    await send(apiOf(await sealedDrill()), route),
  ],
  async startDrill(api, route) {
    const sent = { body: BODIES.startDrill, headers: { 'idempotency-key': '1' } };
    const other = { body: { plan: 'shop', knownBad: 'v6-bad' }, headers: { 'idempotency-key': '1' } };
    const taken = apiOf(await drillAt('locked'), (ports) => ({
      ...ports,
      starts: { start: async () => 'taken' },
    }));
    return [await send(api, route, sent), await send(taken, route, sent), await send(api, route, other)];
  },
  reportTrigger: inDrill,
  abortDrill: inDrill,
  async approveDrill(api, route) {
    const plan = planAsking({ approvals: '{people: 2, within: 30m}' });
    const rig = await drillAt('locked', { plan, startedBy: 'user/ana' });
    await rig.steps.checkGuardrails();
    await rig.watch(8_000);
    await rig.steps.awaitApproval();
    return [await send(apiOf(rig), route), ...(await inDrill(api, route))];
  },
  async decideRollback(api, route) {
    const rig = await drillAt('triggered', { plan: planAsking({ rollback: 'confirm: {within: 2m}' }) });
    await rig.steps.awaitDecision();
    return [await send(apiOf(rig), route), ...(await inDrill(api, route))];
  },
};

async function one(api: Api, route: Route): Promise<readonly Answer[]> {
  return [await send(api, route)];
}

/** In a drill that may take it, in one that is over, and in none. */
async function inDrill(api: Api, route: Route): Promise<readonly Answer[]> {
  return [
    await send(api, route),
    await send(apiOf(await sealedDrill()), route),
    await api.call(route.method, pathOf(route).replace(DRILL_ID, 'nobody'), bodyOf(route)),
  ];
}

async function sealedDrill() {
  const rig = await drillAt('validated');
  await rig.steps.sealReceipt();
  return rig;
}

function send(api: Api, route: Route, sent: Sent = {}): Promise<Answer> {
  return api.call(route.method, pathOf(route), { ...bodyOf(route), ...sent });
}

function pathOf({ path }: Route): string {
  return path.replace('{target}', 'ecs:demo/shop').replace('{id}', DRILL_ID);
}

function bodyOf({ method, operation }: Route): Sent {
  return method === 'POST' ? { body: BODIES[operation] ?? {} } : {};
}

function documented({ path, method }: Route): { readonly responses: object } {
  const paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>> =
    document.paths;
  return paths[path]?.[method.toLowerCase()] ?? { responses: {} };
}

const CONTEXT = { getRemainingTimeInMillis: () => 10_000 };

/** Through the stack of the functions, with records that fail. */
async function broken(route: Route, fault: Error): Promise<Answer> {
  const failing = <Port extends object>(port: Port): Port =>
    new Proxy(port, { get: () => () => Promise.reject(fault) });
  const { ports } = apiOf(await drillAt('locked'), (all) => ({
    ...all,
    drills: failing(all.drills),
    journal: failing(all.journal),
    plans: failing(all.plans),
    receipts: failing(all.receipts),
    statistics: failing(all.statistics),
  }));
  return throughStack(ports, eventOf(route.method, pathOf(route), bodyOf(route)));
}

async function unreadable(route: Route): Promise<Answer> {
  const { ports } = apiOf(await drillAt('locked'));
  return throughStack(ports, { ...eventOf(route.method, pathOf(route)), version: '1.0' });
}

async function throughStack(ports: ApiPorts, event: object): Promise<Answer> {
  const handler = lambda(HttpEvent, (read) => respond(ports, ROUTES, read), undefined, faultResult);
  return answerOf(await handler(event, CONTEXT));
}

function answerOf(result: unknown): Answer {
  const { statusCode, headers, body } = result as ReturnType<typeof faultResult>;
  return { status: statusCode, headers, text: body, document: JSON.parse(body) };
}
