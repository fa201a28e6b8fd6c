import { describe, expect, test } from 'vitest';
import {
  entriesOf,
  lastHealthyOf,
  lastOf,
  rollbacksOf,
  sinceVoided,
  standingValidations,
  unansweredCall,
} from '../../../lib/drill/journal.ts';
import { standingRestored } from '../../../lib/drill/receipt.ts';
import {
  at,
  call,
  goodDrill,
  having,
  lacking,
  path,
  restored,
  validation,
  voided,
} from './fixtures/journal.ts';

const GOOD = goodDrill();
const STOP = 'ecs-stop-deployment';

describe('a call without its answer', () => {
  test('is not taken for answered by the answer to another call', () => {
    const deploying = lacking(GOOD, 'known-bad-deployed');
    expect(unansweredCall(deploying)).toMatchObject({ state: 'DeployKnownBad' });
    const deployed = GOOD.filter(({ kind }) => kind === 'known-bad-deployed');
    expect(unansweredCall([call(`RollBack/${STOP}`, 20), ...deployed])).toBeDefined();
  });

  test('is not forgotten when a path was skipped after it', () => {
    const journal = [call('DeployKnownBad', 12), path(STOP, 'not-applicable', 20)];
    expect(unansweredCall(journal)).toMatchObject({ state: 'DeployKnownBad' });
  });

  test('is the newest one when there are several', () => {
    const journal = [call('DeployKnownBad', 12), call(`RollBack/${STOP}`, 20)];
    expect(unansweredCall(journal)).toMatchObject({ state: `RollBack/${STOP}` });
  });

  test.each(['accepted', 'failed', 'not-applicable'] as const)(
    'does not exist once its path was %s',
    (result) => {
      expect(unansweredCall([call(`RollBack/${STOP}`, 20), path(STOP, result, 21)])).toBeUndefined();
      expect(unansweredCall([path(STOP, result, 19), call(`RollBack/${STOP}`, 20)])).toBeDefined();
    },
  );

  test('does not exist in a drill that went well', () => expect(unansweredCall(GOOD)).toBeUndefined());
});

describe('a restoration', () => {
  test('does not stand once it was voided', () => {
    expect(standingRestored(having(GOOD, voided(300)))).toBeUndefined();
  });

  test('stands again when it was confirmed again', () => {
    const journal = having(GOOD, voided(300), restored(500, { key: 'restored/2' }));
    expect(standingRestored(journal)?.at).toBe(at(500));
  });

  test('keeps no validation from before it was voided', () => {
    expect(standingValidations(GOOD)).toHaveLength(3);
    const later = { ...validation('checkout', 520), key: 'validation/2/checkout' };
    const journal = having(GOOD, voided(300), later);
    expect(standingValidations(journal).map(({ endedAt }) => endedAt)).toEqual([at(520)]);
    expect(sinceVoided(GOOD)).toEqual(GOOD);
  });
});

describe('the last healthy release', () => {
  test('is not known before the witness has read its identity', () => {
    expect(lastHealthyOf(lacking(GOOD, 'steady-state'))).toBeNull();
    expect(lastHealthyOf(lacking(GOOD, 'captured'))).toBeNull();
  });

  test('is what was captured, under the identity that users see', () => {
    expect(lastHealthyOf(GOOD)).toEqual({
      release: 'v4',
      taskDefinition: 'shop:4',
      imageDigest: 'sha256:beef',
    });
  });
});

test('only rollbacks that were accepted or adopted count as started', () => {
  const journal = [path(STOP, 'not-applicable', 1), path(STOP, 'failed', 2), path('automatic', 'adopted', 3)];
  expect(rollbacksOf(journal)).toBe(1);
  expect(rollbacksOf(having(GOOD, ...journal))).toBe(2);
});

test('entries are found by kind, in the order of the journal', () => {
  expect(entriesOf(GOOD, 'validation').map(({ key }) => key)).toEqual([
    'validation/search',
    'validation/login',
    'validation/checkout',
  ]);
  expect(lastOf(GOOD, 'validation')?.key).toBe('validation/checkout');
  expect(lastOf(GOOD, 'paged')).toBeUndefined();
});
