import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cachePurge } from '../../../../lib/adapters/http/cache-purge.ts';
import { httpPurge } from '../../../../lib/adapters/http/purge.ts';
import type { Entry } from '../../../../lib/drill/entry.ts';
import type { Clock } from '../../../../lib/ports/clock.ts';
import type { Purges } from '../../../../lib/ports/validations.ts';
import { memorySecrets } from '../../../fixtures/memory/secrets.ts';
import { lastHealthy, restoredAt, validatedDrill } from '../../../fixtures/validated-drill.ts';
import { nobody, type Served, serve } from './servers.ts';

const RESTORED = '2026-11-03T10:04:00.000Z';
const JOURNAL: readonly Entry[] = [...lastHealthy('shop:3', 'shop:3'), restoredAt(RESTORED)];

/** An edge that keeps what it got until it is told to forget it. */
let edge: Served;
let state: { cached: string | null; forgets: boolean; purges: string[]; status: number; purgeStatus: number };
/** Ten seconds after the restoration; its sleeps are over at once. */
let now: number;
const clock: Clock = {
  now: () => now,
  async sleep(ms) {
    now += ms;
  },
};

beforeEach(async () => {
  now = Date.parse(RESTORED) + 10_000;
  state = { cached: 'v5-bad', forgets: true, purges: [], status: 200, purgeStatus: 200 };
  edge = await serve((request, response) => {
    if (request.method === 'PURGE') {
      state.purges.push(`${request.url} ${request.headers['x-key']}`);
      if (state.forgets && state.purgeStatus === 200) state.cached = 'v4';
      response.writeHead(state.purgeStatus).end();
    } else {
      const told = state.cached === null ? {} : { 'x-release': state.cached };
      response.writeHead(state.status, told).end();
    }
  });
});

afterEach(() => edge.close());

const unused: Purges['cloud-front'] = async () => ({ kind: 'refused', reason: 'the plan names none' });

function judge({
  journal = JOURNAL,
  watchAt = edge.url,
  key = 'k3y-of-the-edge',
  purges = {},
  signal = new AbortController().signal,
}: {
  journal?: readonly Entry[];
  watchAt?: string;
  key?: string;
  purges?: Partial<Purges>;
  signal?: AbortSignal;
} = {}) {
  const options = `provenWithin: 5s, interval: 1s, secrets: { key: { secretsManager: key } },
    cache: { http: { urls: ['${edge.url}/'], headers: { x-key: '{{secret:key}}' } } },
    watch: [{ name: front, url: '${watchAt}/', release: { header: x-release } }]`;
  const { validation, drill } = validatedDrill('cache-purge', options, journal);
  const ports = {
    clock,
    secrets: memorySecrets(key === '' ? {} : { key }),
    purges: { http: httpPurge(clock), 'cloud-front': unused, ...purges },
  };
  return cachePurge(ports)(validation, drill, signal);
}

describe('nothing is proven', () => {
  test('when the journal does not tell which release should be served; nothing is purged then', async () => {
    for (const journal of [[], lastHealthy('shop:3', 'shop:3'), [restoredAt(RESTORED)]])
      expect(await judge({ journal })).toMatchObject({ verdict: 'unknown' });
    expect(state.purges).toEqual([]);
  });

  test('when the purge takes no effect, with the path, its release and how long it was watched', async () => {
    state.forgets = false;
    expect(await judge()).toEqual({
      verdict: 'failed',
      reason:
        '0 of 1 paths serve v4 3 times running; front still serves v5-bad 5.0 s after the purge (6 of 6 answers)',
      evidence: [
        'purge: PURGE accepted for 1 of 1 URLs',
        'front: v5-bad before the purge, 6 answers after it, 6 of them from v5-bad, the last 0 from v4; the last stale answer was seen 15.0 s after restored',
      ],
      gaps: [expect.objectContaining({ code: 'stale-cache-after-purge', severity: 'serious' })],
    });
  });

  test('when the purge is refused: it fails, and shows no secret', async () => {
    state.purgeStatus = 403;
    expect(await judge()).toEqual({
      verdict: 'failed',
      reason: 'the purge was refused: PURGE /: status 403, allowed 200 or 201 or 202 or 204',
      evidence: [],
    });
    expect(state.purges).toEqual(['/ k3y-of-the-edge']);
  });

  test('when the cache has no answer to the purge, also not when it is asked again', async () => {
    state.purgeStatus = 503;
    expect(await judge()).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('the purge was not answered 3 times: PURGE /: status 503'),
    });
    expect(state.purges).toHaveLength(3);
  });

  test('when the edge is not reached by users', async () => {
    expect(await judge({ watchAt: await nobody() })).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('front does not answer: connection refused'),
    });
  });

  test('by answers that do not tell their release', async () => {
    state.forgets = false;
    state.cached = null;
    expect(await judge()).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('front does not tell its release'),
    });
  });

  test('by errors in the name of the healthy release', async () => {
    state.status = 500;
    expect(await judge()).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('front does not answer: status 500, allowed 200'),
    });
  });

  test('without the secret, and nothing is purged then', async () => {
    expect(await judge({ key: '' })).toMatchObject({
      verdict: 'unknown',
      reason: '{{secret:key}}: the secret key cannot be read: NotFound',
    });
    expect(state.purges).toEqual([]);
  });

  test('when there is no time, and it ends', async () => {
    expect(await judge({ signal: AbortSignal.abort() })).toMatchObject({ verdict: 'unknown' });
  });
});

describe('a purge', () => {
  test('is proven by the healthy release several times running, and the stale window is told', async () => {
    expect(await judge()).toMatchObject({
      verdict: 'passed',
      reason: '1 of 1 paths serve v4 3 times running; the last stale answer was seen 10.0 s after restored',
    });
    expect(edge.requests.filter(({ method }) => method === 'GET')).toHaveLength(4);
  });

  test('has one reference for one restoration', async () => {
    const references: string[] = [];
    const http: Purges['http'] = async (_, { reference }) => {
      references.push(reference);
      return { kind: 'refused', reason: 'no' };
    };
    const path = { kind: 'path', path: 'automatic', reason: '', at: RESTORED } as const;
    const accepted = { ...path, key: 'path/1', result: 'accepted' } as const;
    for (const more of [[], [], [accepted]])
      await judge({ journal: [...more, ...JOURNAL], purges: { http } });
    expect(references).toEqual(['drill-1/checked/0', 'drill-1/checked/0', 'drill-1/checked/1']);
  });
});
