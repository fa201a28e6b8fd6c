import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mark } from '../../lib/drill/clock.ts';
import { triggerToCallMs } from '../../lib/drill/figures.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import { drill, type Ended, noTriggers, planFile } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

/** From the trigger to the rollback call, without waiting for people; on a busy machine, too. */
const OWN_PART_MS = 3_000;

describe('people, each by a command of their own', () => {
  let sandbox: SharedSandbox;
  beforeAll(async () => {
    sandbox = await sharedSandbox();
  }, 60_000);
  afterAll(() => sandbox.giveBack());

  it('approve, report a trigger, hold and confirm, and the receipt says who did what', async () => {
    const running = drill(sandbox.directory, 'run', planOfPeople(), '--as', 'ana', '--json');
    await running.until(/drill approve/);
    expect(await says('ana', 'approve')).toMatchObject({
      exitCode: 21,
      stderr: expect.stringContaining('user/ana has started the drill'),
    });
    const approvals = await Promise.all([says('bob', 'approve'), says('role.deployers.carol', 'approve')]);
    expect(approvals.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    await running.until(/badServing/);
    expect((await says('dave', 'trigger', '--name', 'complaints')).exitCode).toBe(0);
    await running.until(/drill decide/);
    expect((await says('bob', 'decide', '--hold', '--reason', 'one more call')).exitCode).toBe(0);
    expect((await says('erin', 'decide', '--roll-back')).exitCode).toBe(0);

    const { exitCode, stdout } = await running.ended;
    const receipt = JSON.parse(stdout) as Receipt;
    expect({ exitCode, reasons: receipt.reasons }).toMatchObject({ exitCode: 0 });
    expect(receipt.approvals.map(({ by }) => by).toSorted()).toEqual(['role/deployers', 'user/bob']);
    expect(receipt.people.map(({ by, did }) => `${by} ${did}`).toSorted()).toEqual([
      'role/deployers approved',
      'user/ana started',
      'user/ana tried to approve',
      'user/bob approved',
      'user/bob held',
      'user/dave reported a trigger',
      'user/erin confirmed',
    ]);
    expect(receipt.triggers.won).toMatchObject({ name: 'complaints', source: 'person', by: 'user/dave' });
    expect(receipt.marks.rollbackDecided).toMatchObject({ source: 'person' });
    expect(receipt.figures.humanWaitMs).toBeGreaterThan(500);
    const { marks, figures, path } = receipt;
    expect(triggerToCallMs(marks, path.used, figures.humanWaitMs)).toBeLessThan(OWN_PART_MS);
  });

  it.runIf(ALL_DRILLS)('report what no probe sees, and are not waited for', async () => {
    const plan = planFile(sandbox.directory);
    const running = drill(sandbox.directory, 'run', plan, '--known-bad', 'login-broken', '--json');
    await running.until(/badServing/);
    expect((await says('dave', 'trigger', '--name', 'login-broken')).exitCode).toBe(0);
    const { exitCode, stdout } = await running.ended;
    const { reasons, marks, figures, triggers, detection, path } = JSON.parse(stdout) as Receipt;
    expect({ exitCode, reasons }).toMatchObject({ exitCode: 0 });
    expect(triggers.won).toMatchObject({ name: 'login-broken', source: 'person', by: 'user/dave' });
    expect(marks.triggerObserved).toMatchObject({ at: triggers.won?.at, source: 'person' });
    expect(detection?.filter(({ fired }) => fired)).toMatchObject([
      { name: 'login-broken', source: 'person', timeToDetectMs: figures.timeToDetectMs },
    ]);
    expect(figures.timeToDetectMs).toBe(msBetween(marks.badServing, marks.triggerObserved));
    expect(figures.humanWaitMs).toBe(0);
    expect(triggerToCallMs(marks, path.used, figures.humanWaitMs)).toBeLessThan(OWN_PART_MS);
  });

  it('abort a drill that waits for approvals, and nothing was touched', async () => {
    const running = drill(sandbox.directory, 'run', planOfPeople(), '--as', 'ana', '--json');
    await running.until(/drill approve/);
    expect((await says('bob', 'abort', '--reason', 'not today')).exitCode).toBe(0);
    const { exitCode, stdout } = await running.ended;
    const record = JSON.parse(stdout) as DrillRecord;
    expect({ exitCode, outcome: record.outcome, number: record.number }).toEqual({
      exitCode: 24,
      outcome: 'aborted',
      number: null,
    });
    expect(record.people.at(-1)).toMatchObject({ by: 'user/bob', did: 'aborted' });
    expect(await says('bob', 'approve', record.id)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is over: aborted'),
    });
    expect(await says('bob', 'approve')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('No drill is running'),
    });
  });

  function says(name: string, ...command: readonly string[]): Promise<Ended> {
    return drill(sandbox.directory, ...command, '--as', name).ended;
  }

  function planOfPeople(): string {
    return planFile(sandbox.directory, (plan) => {
      const { triggers } = noTriggers(plan) as typeof plan;
      const budget = { action: 'roll-back', budget: '3m' };
      const complaints = { name: 'complaints', observedBy: 'person', condition: 'reported by a person' };
      return {
        triggers: [...triggers, { ...complaints, ...budget }],
        guardrails: { approvals: { people: 2, within: '60s' } },
        rollback: {
          confirm: { within: '30s' },
          hold: { upTo: '60s' },
          paths: ['automatic', 'ecs-stop-deployment', 'ecs-previous-task-definition'],
        },
      };
    });
  }
});

function msBetween(from: Mark, to: Mark): number | null {
  return from.at === null || to.at === null ? null : Date.parse(to.at) - Date.parse(from.at);
}
