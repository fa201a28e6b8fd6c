import { afterEach, describe, expect, it } from 'vitest';
import { validatorByKind } from '../../../../lib/adapters/http/validator.ts';
import type { Plan, Validation } from '../../../../lib/drill/plan/plan.ts';
import { type Served, serve } from './servers.ts';

const plan = {} as Plan;
const { signal } = new AbortController();
let served: Served | undefined;
afterEach(() => served?.close());

function validation(url: string, body?: string): Validation {
  const content = body === undefined ? {} : { body };
  return {
    name: 'buy',
    kind: 'synthetic-transaction',
    required: true,
    timeoutMs: 5_000,
    steps: [
      { name: 'open', method: 'POST', url, headers: {}, expect: { status: [200] }, capture: {}, ...content },
    ],
  };
}

describe('validatorByKind', () => {
  it('does not know what a kind of another version is', async () => {
    const { kind, ...known } = validation('http://127.0.0.1:1/');
    const foreign: Validation = JSON.parse(JSON.stringify({ ...known, kind: `${kind}-2` }));
    expect(await validatorByKind({ now: Date.now })(foreign, plan, signal)).toEqual({
      verdict: 'unknown',
      reason: "no validator for kind 'synthetic-transaction-2'",
      evidence: [],
    });
  });

  it('does not know the verdict when the validation itself breaks, and tells nothing of the message', async () => {
    const judged = await validatorByKind({ now: Date.now })(
      validation('http://127.0.0.1:1/', '{{never-captured}}'),
      plan,
      signal,
    );
    expect(judged).toEqual({
      verdict: 'unknown',
      reason: 'the validation itself broke: Error',
      evidence: [],
    });
  });

  it('carries out a synthetic transaction', async () => {
    served = await serve((_, response) => response.end());
    expect(await validatorByKind({ now: Date.now })(validation(served.url), plan, signal)).toMatchObject({
      verdict: 'passed',
      evidence: [expect.stringMatching(/^open: 200 in \d+ ms$/)],
    });
  });
});
