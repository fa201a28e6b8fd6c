import { describe, expect, test } from 'vitest';
import { abort } from '../../../lib/steps/abort.ts';
import { DRILL_ID, drillAt, type Stage } from '../../fixtures/rig.ts';

const ABORT = { by: 'user/bob', reason: 'enough' };

test('a drill that nobody opened cannot be aborted', async () => {
  const rig = await drillAt('locked');
  await expect(abort(rig.ports, 'drill-9', ABORT)).rejects.toMatchObject({ name: 'DrillNotFound' });
});

describe('a drill is aborted by whoever wants it', () => {
  test.each<[Stage, boolean, string]>([
    ['locked', false, 'nothing was touched'],
    ['armed', false, 'nothing was touched'],
    ['deployed', true, 'the target is being restored'],
    ['rolling-back', true, 'the target is being restored'],
    ['validated', true, 'the target is back already'],
  ])('when it is %s', async (stage, touched, reason) => {
    const rig = await drillAt(stage);
    expect(await abort(rig.ports, DRILL_ID, ABORT)).toEqual({ touched, reason });
    expect(await rig.entries('aborted')).toMatchObject([ABORT]);
    expect((await rig.drill()).abort).toEqual(ABORT);
  });
});
