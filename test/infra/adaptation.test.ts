import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { timeLimits } from '../../lib/drill/limits.ts';
import { asMiniStackUnderstands, isOurs } from '../deploy/adaptation.ts';
import { plan } from './plan.ts';

const definition = readFileSync(
  new URL('../../statemachines/rollback-drill.asl.json', import.meta.url),
  'utf8',
);
const deployed = JSON.parse(definition);
const limits = timeLimits(plan());
const adapted = JSON.parse(asMiniStackUnderstands(definition, limits));

describe('the definition that the independent engine runs', () => {
  test('loses no state, and has none that would be counted as visited', () => {
    expect(Object.keys(adapted.States).filter(isOurs).toSorted()).toEqual(
      Object.keys(deployed.States).toSorted(),
    );
  });

  test('changes nothing but time limits, retry counts, and the way into and out of the Map', () => {
    for (const [name, state] of Object.entries<Record<string, unknown>>(deployed.States)) {
      if (state.Type === 'Map') continue;
      const { TimeoutSeconds, HeartbeatSeconds, ...rest } = state;
      const { TimeoutSeconds: seconds, HeartbeatSeconds: silence, ...same } = adapted.States[name];
      expect(comparable(same), name).toEqual(comparable(rest));
      expect(typeof seconds).toBe(typeof TimeoutSeconds === 'undefined' ? 'undefined' : 'number');
      expect(typeof silence).toBe(typeof HeartbeatSeconds === 'undefined' ? 'undefined' : 'number');
    }
    expect(adapted.States.AwaitTrigger.TimeoutSeconds).toBe(limits.detectWithinSeconds);
  });

  test('gives the Map its items and its output by states beside it', () => {
    const { Items, Output, Next } = deployed.States.Validate;
    expect(adapted.States['Validate~items']).toEqual({ Type: 'Pass', Output: Items, Next: 'Validate' });
    expect(adapted.States.Validate).toMatchObject({ Type: 'Map', Next: 'Validate~output' });
    expect(adapted.States['Validate~output']).toEqual({ Type: 'Pass', Output, Next });
  });
});

function comparable(state: object): unknown {
  return JSON.parse(
    JSON.stringify(state)
      .replaceAll('Validate~items', 'Validate')
      .replaceAll('"{% $states.context.State.RetryCount %}"', '0'),
  );
}
