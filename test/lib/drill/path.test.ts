import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applicability,
  chooseRollback,
  PATHS,
  type PathName,
  type PathResult,
  type TriedPath,
} from '../../../lib/drill/path.ts';
import type { TargetState } from '../../../lib/drill/target.ts';
import { at } from './fixtures/journal.ts';
import { automaticRollback, deployment, target, uniformTarget } from './fixtures/target.ts';

const BOTH: readonly PathName[] = ['ecs-stop-deployment', 'ecs-previous-task-definition'];

const THROUGH_PIPELINE: readonly PathName[] = [
  'automatic',
  'codepipeline-rollback-stage',
  'codepipeline-redeploy',
  'ecs-previous-task-definition',
];

function tried(name: PathName, result: PathResult): TriedPath {
  return { name, result, reason: `it was ${result}` };
}

describe('applicability', () => {
  test.each(['successful', 'stopped', 'rolling-back', 'rolled-back', 'rollback-failed'] as const)(
    'a known-bad deployment that is %s cannot be stopped',
    (status) => {
      const state = target({ knownBadDeployment: deployment({ status }) });
      expect(applicability('ecs-stop-deployment', state)).toEqual({
        applicable: false,
        reason: `the known-bad deployment is ${status}, not under way`,
      });
    },
  );

  test('a deployment that nobody knows cannot be stopped', () => {
    const verdict = applicability('ecs-stop-deployment', target({ knownBadDeployment: null }));
    expect(verdict).toMatchObject({ applicable: false, reason: expect.stringContaining('not known') });
  });

  test('a rollback that the target did not start is not automatic', () => {
    expect(applicability('automatic', target()).applicable).toBe(false);
    expect(applicability('automatic', target({ knownBadDeployment: automaticRollback(24) })).applicable).toBe(
      true,
    );
  });

  test('the previous task definition can always be deployed', () => {
    expect(applicability('ecs-previous-task-definition', target()).applicable).toBe(true);
    expect(applicability('ecs-stop-deployment', target()).applicable).toBe(true);
  });
});

describe('a rollback is not raced', () => {
  const rolling = target({ knownBadDeployment: automaticRollback(24) });

  test.each<[string, readonly PathName[]]>([
    ['the plan prefers other paths', BOTH],
    ['the plan lists no path of that name', ['ecs-previous-task-definition']],
    ['the plan lists it last', [...BOTH, 'automatic']],
  ])('that the target started by itself, though %s', (_, paths) =>
    expect(chooseRollback(paths, [], rolling)).toEqual({
      kind: 'adopt',
      startedAt: at(24),
      reason: 'circuit breaker',
    }),
  );

  test('that a call of ours started though it seemed to fail', () => {
    const failed = [tried('ecs-stop-deployment', 'failed')];
    expect(chooseRollback(BOTH, failed, rolling).kind).toBe('adopt');
  });

  test.each(['accepted', 'adopted'] as const)('that is under way since it was %s', (result) => {
    const name = result === 'adopted' ? 'automatic' : 'ecs-stop-deployment';
    for (const state of [rolling, target(), uniformTarget(60)]) {
      expect(chooseRollback(BOTH, [tried(name, result)], state)).toEqual({
        kind: 'nothing-to-do',
        reason: `path ${name} is under way: it was ${result}`,
      });
    }
  });

  test('by a call when the target steers to the last healthy release anyhow', () => {
    const state = uniformTarget(60, { summary: 'the service runs shop:4', knownBadDeployment: null });
    for (const before of [[], [tried('ecs-stop-deployment', 'not-applicable')]])
      expect(chooseRollback(BOTH, before, state)).toEqual({ kind: 'nothing-to-do', reason: state.summary });
  });
});

describe('somebody else’s release', () => {
  test('is theirs even when it is the last healthy one: the newest human intent stands', () => {
    const state = uniformTarget(60, { summary: 'the service runs shop:4' });
    expect(chooseRollback(BOTH, [], state)).toEqual({ kind: 'overtaken', reason: state.summary });
  });

  test('is theirs when they stopped the deployment before we did', () => {
    const rollback = { startedAt: at(40), reason: 'stopped by hand', automatic: false };
    const state = target({ knownBadDeployment: deployment({ rollback }) });
    expect(chooseRollback(BOTH, [], state).kind).toBe('overtaken');
    expect(chooseRollback(BOTH, [tried('ecs-stop-deployment', 'failed')], state).kind).not.toBe('overtaken');
  });

  test.each<[string, readonly TriedPath[]]>([
    ['before a path was taken', []],
    ['while a path is under way', [tried('ecs-stop-deployment', 'accepted')]],
    ['after a path has failed', [tried('ecs-stop-deployment', 'failed')]],
  ])('is not rolled back: %s', (_, before) => {
    const state = target({ desired: 'other', summary: 'the service steers towards shop:9' });
    expect(chooseRollback(BOTH, before, state)).toEqual({ kind: 'overtaken', reason: state.summary });
  });
});

describe('the next path', () => {
  test('is not one that failed in this drill', () => {
    const before = [tried('ecs-stop-deployment', 'accepted'), tried('ecs-stop-deployment', 'failed')];
    expect(chooseRollback(BOTH, before, target())).toEqual({
      kind: 'take',
      path: 'ecs-previous-task-definition',
      skipped: [],
    });
  });

  test('is not the effect of a call of ours that failed, taken for the target’s own rollback', () => {
    const before = [tried('ecs-stop-deployment', 'accepted'), tried('ecs-stop-deployment', 'failed')];
    const state = target({ knownBadDeployment: automaticRollback(27) });
    expect(chooseRollback(['automatic', ...BOTH], before, state)).toMatchObject({
      kind: 'take',
      path: 'ecs-previous-task-definition',
    });
  });

  test('is not one that is not applicable, and says why it was skipped', () => {
    const state = target({ knownBadDeployment: deployment({ status: 'successful' }) });
    expect(chooseRollback(['automatic', ...BOTH], [], state)).toEqual({
      kind: 'take',
      path: 'ecs-previous-task-definition',
      skipped: [
        { name: 'automatic', result: 'not-applicable', reason: expect.stringContaining('by itself') },
        {
          name: 'ecs-stop-deployment',
          result: 'not-applicable',
          reason: expect.stringContaining('successful'),
        },
      ],
    });
  });

  test('may be one that was not applicable before: not applicable is not failed', () => {
    const before = [tried('ecs-stop-deployment', 'not-applicable')];
    expect(chooseRollback(BOTH, before, target())).toMatchObject({ path: 'ecs-stop-deployment' });
  });

  test('does not exist when every path failed or is not applicable', () => {
    const state = target({ knownBadDeployment: deployment({ status: 'stopped' }) });
    const before = [tried('ecs-previous-task-definition', 'failed')];
    expect(chooseRollback(BOTH, before, state)).toEqual({
      kind: 'exhausted',
      skipped: [expect.objectContaining({ name: 'ecs-stop-deployment', result: 'not-applicable' })],
    });
    expect(chooseRollback([], [], target())).toEqual({ kind: 'exhausted', skipped: [] });
  });

  test('is taken when the target’s own rollback has failed', () => {
    const before = [tried('automatic', 'adopted'), tried('automatic', 'failed')];
    const state = target({ knownBadDeployment: { ...automaticRollback(24), status: 'rollback-failed' } });
    expect(chooseRollback(BOTH, before, state)).toMatchObject({
      kind: 'take',
      path: 'ecs-previous-task-definition',
    });
  });
});

describe('a release that went through a pipeline', () => {
  const execution = {
    id: 'execution-7',
    sourceRevisions: [{ action: 'Source', revision: 'v4' }],
    variables: { image_tag: 'v4' },
  };
  const rollingBack = (automatic: boolean) =>
    target({
      knownBadDeployment: deployment({
        status: 'rolling-back',
        rollback: { startedAt: at(40), reason: 'RollbackStage of Deploy', automatic, execution },
      }),
    });

  test('is not rolled back when a person has rolled the stage back: the newest human intent stands', () => {
    expect(chooseRollback(THROUGH_PIPELINE, [], rollingBack(false))).toEqual({
      kind: 'overtaken',
      reason: 'somebody else rolled the deployment back: RollbackStage of Deploy',
    });
  });

  test('is not rolled back by a person’s hand when the stage was rolled back by our own call', () => {
    for (const result of ['accepted', 'failed'] as const) {
      const before = [tried('codepipeline-rollback-stage', result)];
      expect(chooseRollback(THROUGH_PIPELINE, before, rollingBack(false)).kind).not.toBe('overtaken');
    }
  });

  test('is not rolled back when the pipeline does it by itself, and its execution is told', () => {
    expect(chooseRollback(THROUGH_PIPELINE, [], rollingBack(true))).toEqual({
      kind: 'adopt',
      startedAt: at(40),
      reason: 'RollbackStage of Deploy',
      execution,
    });
  });

  test('needs nothing when its execution failed before it took effect', () => {
    const failedInSource = deployment({ status: 'stopped', failedAt: at(20), statusReason: 'Source failed' });
    const state = uniformTarget(10, { knownBadDeployment: failedInSource, summary: 'demo/shop runs shop:4' });
    expect(chooseRollback(THROUGH_PIPELINE, [], state)).toEqual({
      kind: 'nothing-to-do',
      reason: 'demo/shop runs shop:4',
    });
  });

  test('is somebody else’s to decide on when they stopped its execution before it took effect', () => {
    const state = uniformTarget(10, { knownBadDeployment: deployment({ status: 'stopped' }) });
    expect(chooseRollback(THROUGH_PIPELINE, [], state).kind).toBe('overtaken');
  });

  test.each(['successful', 'stopped', 'under-way'] as const)(
    'goes back by its stage, though its execution is %s',
    (status) => {
      const state = target({ knownBadDeployment: deployment({ status, failedAt: at(30) }) });
      expect(chooseRollback(THROUGH_PIPELINE, [], state)).toMatchObject({
        kind: 'take',
        path: 'codepipeline-rollback-stage',
      });
    },
  );

  test('goes through the pipeline once more when its stage cannot be rolled back, and then by the service', () => {
    const outdated = [tried('codepipeline-rollback-stage', 'failed')];
    expect(chooseRollback(THROUGH_PIPELINE, outdated, target())).toMatchObject({
      path: 'codepipeline-redeploy',
    });
    const both = [
      ...outdated,
      tried('codepipeline-redeploy', 'accepted'),
      tried('codepipeline-redeploy', 'failed'),
    ];
    expect(chooseRollback(THROUGH_PIPELINE, both, target())).toMatchObject({
      path: 'ecs-previous-task-definition',
    });
  });
});

describe('whatever was tried and whatever the target shows', () => {
  const paths = fc.shuffledSubarray([...PATHS]);
  const states: fc.Arbitrary<TargetState> = fc
    .record({
      desired: fc.constantFrom('last-healthy', 'known-bad', 'other'),
      knownBadDeployment: fc.constantFrom(
        null,
        deployment(),
        deployment({ status: 'successful' }),
        deployment({ status: 'rollback-failed' }),
        automaticRollback(24),
      ),
    })
    .map((more) => target(more));

  test('the ways back come to an end, and none is taken twice', () => {
    fc.assert(
      fc.property(paths, fc.array(states, { minLength: 20, maxLength: 20 }), (planned, seen) => {
        const before: TriedPath[] = [];
        const taken: PathName[] = [];
        for (const state of seen) {
          const choice = chooseRollback(planned, before, state);
          if (choice.kind !== 'take' && choice.kind !== 'adopt') continue;
          const name = choice.kind === 'take' ? choice.path : 'automatic';
          taken.push(name);
          before.push(tried(name, choice.kind === 'take' ? 'accepted' : 'adopted'), tried(name, 'failed'));
        }
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });

  test('the target’s own rollback is never called by us', () => {
    fc.assert(
      fc.property(
        paths,
        fc.array(
          fc.record({ name: fc.constantFrom(...PATHS), result: fc.constantFrom('accepted', 'failed') }),
        ),
        states,
        (planned, before, state) => {
          const choice = chooseRollback(
            planned,
            before.map(({ name, result }) => tried(name, result as PathResult)),
            state,
          );
          expect(choice.kind === 'take' && choice.path === 'automatic').toBe(false);
        },
      ),
    );
  });
});
