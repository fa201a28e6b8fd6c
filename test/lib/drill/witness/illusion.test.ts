import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../../lib/drill/entry.ts';
import { controlPlaneDoneAt, currentIllusion, illusionOf } from '../../../../lib/drill/witness/illusion.ts';
import { at, path, restored } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';
import { target, uniformTarget } from '../fixtures/target.ts';

describe('it is no illusion', () => {
  test.each([
    ['while nobody has read the control plane', null, [bad(60)]],
    ['while the control plane is not uniform', target(), [bad(60)]],
    ['when the known-bad release answered a request from before', uniformTarget(59.99), [bad(60)]],
    ['when something else failed', uniformTarget(50), [red(60), sample(61)]],
  ])('%s', (_, state, samples) => expect(illusionOf(samples, state, 'v5-bad')).toBeUndefined());
});

test('it is one when somebody asks after the control plane was done and gets the known-bad release', () => {
  const samples = [bad(49), { ...bad(60), instance: 'i-7' }, bad(61)];
  expect(illusionOf(samples, uniformTarget(50), 'v5-bad')).toEqual({
    controlPlaneDoneAt: at(50),
    evidence: `probe sent ${at(59.98)}, answered ${at(60)}: status 500, expected 200, release v5-bad, task i-7`,
  });
});

describe('of the illusions of a drill', () => {
  const [first, second] = [path('ecs-stop-deployment', 'accepted', 26), path('automatic', 'adopted', 90)];
  const illusion: Entry = {
    kind: 'illusion',
    key: 'illusion/1',
    round: 1,
    controlPlaneDoneAt: at(50),
    evidence: 'i-7',
  };

  test('that of an earlier rollback is not the one of the next', () => {
    expect(currentIllusion([first, illusion])).toMatchObject({ evidence: 'i-7' });
    expect(currentIllusion([first, illusion, second])).toBeUndefined();
  });

  test('the first tells when the control plane was done, also when a later rollback restored the target', () => {
    expect(controlPlaneDoneAt([first])).toBeNull();
    expect(controlPlaneDoneAt([first, illusion, second, restored(130)])).toBe(at(50));
    expect(controlPlaneDoneAt([first, restored(70), illusion])).toBe(at(60));
  });
});
