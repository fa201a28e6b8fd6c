import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../lib/cli/command.ts';
import type { Answered, DeployedApi } from '../../../lib/cli/deployed-api.ts';
import { runDeployed } from '../../../lib/cli/run-deployed.ts';
import type { DrillRecord } from '../../../lib/drill/record.ts';
import type { DrillNow } from '../../../lib/steps/answers/drill.ts';
import { planWith } from '../../fixtures/plan.ts';
import { simulatedClock } from '../../fixtures/simulated-clock.ts';
import { Pipe } from './fixtures/screen.ts';

const ID = 'shop-20261103T100000000Z';
const PLAN = planWith();
const NOW: DrillNow = {
  id: ID,
  target: 'ecs:demo/shop',
  plan: { name: PLAN.name, digest: 'sha256:another' },
  number: null,
  startedBy: 'user/ana',
  startedAt: '2026-11-03T10:00:00.000Z',
  outcome: null,
  reasons: [],
  state: 'CheckGuardrails',
  phase: 'steady-state',
  asked: { approval: null, decision: null, triggers: [] },
  marks: {},
};
const RECORD: DrillRecord = {
  schema: 'rollback-drill/record/v1',
  id: ID,
  number: null,
  target: NOW.target,
  plan: NOW.plan,
  startedBy: 'user/ana',
  startedAt: '2026-11-03T10:00:00.000Z',
  approvals: [],
  people: [],
  outcome: 'refused',
  reasons: ['safety-switch: on'],
  guardrails: [],
};
const OVER = { ...NOW, outcome: 'refused', phase: 'over' } as const;
const [NOT_FOUND, BUSY, DENIED] = [404, 503, 403].map((status) => ({ status, body: null })) as [
  Answered,
  Answered,
  Answered,
];

describe('a drill that is followed through the API', () => {
  test('is not started twice when the answer to its start is lost', async () => {
    const starts: unknown[] = [];
    const api = scripted([ok(OVER)], {
      post: async (_path, _body, headers) => {
        starts.push(headers);
        if (starts.length === 1) throw new Error('the connection was reset');
        return { status: 202, body: { drill: ID } };
      },
    });
    expect((await followed(api)).exitCode).toBe(21);
    expect(starts).toHaveLength(2);
    expect(starts[1]).toEqual(starts[0]);
    expect(starts[0]).toMatchObject({ 'idempotency-key': expect.stringMatching(/.{30}/) });
  });

  test('is refused in the words of the API when it cannot be started', async () => {
    const body = {
      detail: 'The request is not valid',
      errors: [{ field: 'plan', message: 'is no deployed plan' }],
    };
    const api = scripted([], { post: async () => ({ status: 400, body }) });
    expect(await followed(api)).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('plan is no deployed plan'),
    });
  });

  test('is waited for until it is opened, and through a time in which the API does not answer', async () => {
    const { exitCode, text } = await followed(
      scripted([NOT_FOUND, NOT_FOUND, ok(NOW), new Error('no route'), BUSY, ok(NOW), ok(OVER)]),
    );
    expect(exitCode).toBe(21);
    expect(text.match(/in CheckGuardrails/g)).toHaveLength(1);
    expect(text).toContain('safety-switch: on');
    expect(text).toContain('what was deployed is what runs');
  });

  test('is given up when it is never opened, when the API stays away, and when it may not be read', async () => {
    for (const [answer, why] of [
      [NOT_FOUND, 'Step Functions console'],
      [new Error('no route'), 'no route'],
      [DENIED, 'execute-api:Invoke'],
    ] as const) {
      const { exitCode, text } = await followed(scripted([answer]));
      expect(exitCode).toBe(1);
      expect(text).toContain(why);
    }
  });
});

function ok(body: DrillNow): Answered {
  return { status: 200, body };
}

/** The last answer is given again and again. */
function scripted(answers: readonly (Answered | Error)[], more: Partial<DeployedApi> = {}): DeployedApi {
  const left = [...answers];
  return {
    async get(path) {
      if (path.endsWith('/receipt')) return { status: 200, body: RECORD };
      const answer = left.length > 1 ? left.shift() : left[0];
      if (answer instanceof Error) throw answer;
      return answer ?? NOT_FOUND;
    },
    post: async () => ({ status: 202, body: { drill: ID } }),
    ...more,
  };
}

async function followed(api: DeployedApi): Promise<{ exitCode: number; text: string }> {
  const [out, err] = [new Pipe(), new Pipe()];
  const context = { out, err, directory: '/nowhere', environment: {} };
  try {
    const run = { plan: PLAN, knownBad: undefined, json: false };
    const exitCode = await runDeployed(context, api, run, simulatedClock());
    return { exitCode, text: out.text + err.text };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { exitCode: error.exitCode, text: error.message };
  }
}
