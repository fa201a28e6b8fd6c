import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MARKS } from '../../../lib/drill/clock.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import { FIGURES } from '../../../lib/drill/figures.ts';
import { receiptFrom } from '../../../lib/drill/receipt.ts';
import {
  aborted,
  at,
  beforeEntry,
  fault,
  goodDrill,
  having,
  lacking,
  PLAN,
  path,
  restored,
  takenOver,
  trigger,
  validation,
  voided,
} from './fixtures/journal.ts';
import { stored, unsealed } from './fixtures/receipts.ts';

const GOOD = goodDrill();

describe('a receipt is not made', () => {
  test.each(['opened', 'numbered'])('of a journal that was never %s', (key) => {
    expect(() => unsealed(lacking(GOOD, key))).toThrow(/needs a journal that was opened and numbered/);
  });
});

describe('a receipt is a function of its journal', () => {
  const optional = GOOD.filter(({ kind }) => kind !== 'opened' && kind !== 'numbered');

  test('whatever is missing from the journal, it is made, is the same twice, and carries no unknown zero', () => {
    fc.assert(
      fc.property(fc.subarray([...optional]), (missing) => {
        const journal = GOOD.filter((entry) => !missing.includes(entry));
        const before = JSON.stringify(journal);
        const receipt = unsealed(journal);
        expect(JSON.stringify(unsealed(stored(journal)))).toBe(JSON.stringify(receipt));
        expect(JSON.stringify(journal)).toBe(before);
        for (const name of FIGURES)
          expect(receipt.figures[name] === null).toBe(receipt.unknown[name] !== undefined);
        if (missing.some(({ kind }) => kind === 'restored')) expect(receipt.outcome).not.toBe('passed');
        expect(receipt.reasons).not.toHaveLength(0);
      }),
    );
  });

  test('whatever is missing from the proof, the drill did not pass', () => {
    const proof = [
      'mark/rollbackDecided',
      'mark/rollbackStarted',
      'trigger/',
      'restored',
      'validation/checkout',
      'validation/login',
      'all-clear',
      'probes',
    ];
    fc.assert(
      fc.property(fc.subarray(proof, { minLength: 1 }), (missing) => {
        expect(unsealed(lacking(GOOD, ...missing)).outcome).not.toBe('passed');
      }),
    );
    expect(unsealed(GOOD).outcome).toBe('passed');
  });
});

describe('a validation is never silently absent', () => {
  test('one that left no verdict is unknown', () => {
    const { validations } = unsealed(lacking(GOOD, 'validation/checkout'));
    expect(validations.map(({ name }) => name)).toEqual(['checkout', 'login', 'search']);
    expect(validations[0]).toEqual({
      name: 'checkout',
      kind: 'synthetic-transaction',
      required: true,
      verdict: 'unknown',
      reason: 'it did not run to its end',
      evidence: [],
      startedAt: null,
      endedAt: null,
    });
  });

  test('one that the plan does not name is not counted', () => {
    const { validations } = receiptFrom(GOOD, { ...PLAN, validations: PLAN.validations.slice(0, 1) });
    expect(validations.map(({ name }) => name)).toEqual(['checkout']);
  });

  test('one of a restoration that was voided is unknown again', () => {
    const { validations } = unsealed(having(GOOD, voided(300), restored(500, { key: 'restored/2' })));
    expect(validations.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

test('a gap that a validation has come upon is a gap of the drill, and stands there only', () => {
  const stale = {
    code: 'stale-cache',
    severity: 'warning',
    message: 'the edge is stale',
    evidence: '/',
  } as const;
  const receipt = unsealed(having(GOOD, validation('search', 205, { gaps: [stale] })));
  expect(receipt.gaps).toContainEqual(stale);
  expect(receipt.validations.filter((validated) => 'gaps' in validated)).toEqual([]);
});

describe('the path of a receipt', () => {
  const failed = path('ecs-stop-deployment', 'failed', 90, 'not restored in time');
  const next = path('ecs-previous-task-definition', 'accepted', 91);

  test('was not used when it failed, or when none was taken', () => {
    expect(unsealed(having(GOOD, failed)).path.used).toBeNull();
    expect(unsealed(lacking(GOOD, 'path/')).path).toMatchObject({ used: null, tried: [] });
  });

  test('is the one that was started last, beside everything that was tried', () => {
    const skipped = path('automatic', 'not-applicable', 25.35, 'the target has not started a rollback');
    const journal = having(beforeEntry(GOOD, 'call/RollBack', skipped), failed, next);
    const { used, tried } = unsealed(journal).path;
    expect(used).toBe('ecs-previous-task-definition');
    expect(tried.map(({ name, applicable, result }) => [name, applicable, result])).toEqual([
      ['automatic', false, 'not-applicable'],
      ['ecs-stop-deployment', true, 'accepted'],
      ['ecs-stop-deployment', true, 'failed'],
      ['ecs-previous-task-definition', true, 'accepted'],
    ]);
  });
});

test('the release that runs afterwards is not claimed to be known when nothing was restored', () => {
  expect(unsealed(lacking(GOOD, 'restored')).releases.runningAfter).toBeNull();
  expect(unsealed(having(GOOD, voided(300))).releases.runningAfter).toBeNull();
  expect(unsealed(GOOD).releases.runningAfter).toEqual(unsealed(GOOD).releases.lastHealthy);
});

test('only the trigger that was stored first has won; later ones are also observed', () => {
  const late = trigger('page', 24, { won: false });
  const { triggers } = unsealed(having(GOOD, late));
  expect(triggers.won?.name).toBe('checkout-fails');
  expect(triggers.alsoObserved.map(({ name }) => name)).toEqual(['page']);
});

test('incidents are told in the words of the journal, in its order', () => {
  const unstable: Entry = { kind: 'unstable', key: 'unstable', at: at(400), reason: 'smoke is red' };
  const journal = having(GOOD, fault('RollBack'), takenOver(90), aborted(100), unstable);
  expect(unsealed(journal).incidents).toEqual([
    { kind: 'fault', reason: 'RollBack broke: Lambda.Unknown: it crashed', at: null, by: 'RollBack' },
    { kind: 'taken-over', reason: 'the execution ended without a seal', at: at(90), by: 'watchdog' },
    { kind: 'aborted', reason: 'checkout of a customer hurts', at: at(100), by: 'ana' },
    { kind: 'unstable', reason: 'smoke is red', at: at(400), by: null },
  ]);
});

describe('the contract with whoever reads receipts', () => {
  const receipt = stored(unsealed());

  test('every field is there', () => {
    expect(receipt).toMatchObject({
      schema: 'rollback-drill/receipt/v1',
      id: 'drill-1',
      number: 3,
      target: 'ecs:shop/web',
      plan: { name: 'shop-ecs', digest: 'sha256:feed' },
      startedBy: 'ana',
      approvals: [],
      outcome: 'passed',
      reasons: expect.any(Array),
      releases: {
        lastHealthy: { release: 'v4', taskDefinition: 'shop:4', imageDigest: 'sha256:beef' },
        knownBad: { release: 'v5-bad', taskDefinition: 'shop:5', imageDigest: null },
        runningAfter: { release: 'v4' },
      },
      unknown: {},
      dominantStep: { name: 'AwaitRestored', share: expect.any(Number) },
      triggers: { won: { name: 'checkout-fails' }, alsoObserved: [] },
      path: {
        used: 'ecs-stop-deployment',
        tried: [{ name: 'ecs-stop-deployment', applicable: true, result: 'accepted' }],
      },
      commands: ['aws call of DeployKnownBad', 'aws call of RollBack/ecs-stop-deployment'],
      sideEffects: [{ endpoint: 'POST /orders', effect: 'an order', compensation: 'cancel it' }],
      probes: { summary: { total: 1100 }, series: ['probes/drill-1/0.json'] },
    });
  });

  test('marks and figures are all named, unknown ones as null', () => {
    expect(Object.keys(receipt.marks)).toEqual([...MARKS]);
    expect(Object.keys(receipt.figures)).toEqual([...FIGURES]);
    expect(Object.keys(unsealed(lacking(GOOD, 'restored')).figures)).toEqual([...FIGURES]);
  });

  test('steps, validations and gaps have their members', () => {
    for (const step of receipt.steps)
      expect(Object.keys(step)).toEqual(['name', 'startedAt', 'endedAt', 'status', 'attempts']);
    for (const validation of receipt.validations)
      expect(Object.keys(validation)).toEqual(
        expect.arrayContaining(['name', 'kind', 'verdict', 'reason', 'evidence']),
      );
    for (const gap of receipt.gaps)
      expect(Object.keys(gap)).toEqual(['code', 'severity', 'message', 'evidence']);
    expect([receipt.steps.length, receipt.validations.length, receipt.gaps.length]).toEqual([13, 3, 1]);
  });

  test('every time is ISO 8601 UTC with milliseconds', () => {
    const times = JSON.stringify(receipt).match(/(?<=(?:At|"at)":")[^"]*/g) ?? [];
    expect(times.length).toBeGreaterThan(40);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
