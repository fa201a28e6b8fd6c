import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/drill/seal.ts';
import { drill, drillDirectory, planFile, truthOf } from './fixtures/drill.ts';

/** When the drill is killed: the first line of the timeline that tells of it. */
const MOMENTS: readonly (readonly [when: string, line: RegExp, outcomes: readonly string[]])[] = [
  ['before anything is touched', /CheckGuardrails/, ['aborted']],
  ['while the known-bad release is served', /AwaitTrigger/, ['rescued', 'aborted']],
  ['while it is rolled back', /AwaitRestored/, ['rescued']],
  ['in the quiet period', /Stabilise/, ['passed']],
];

describe('a drill that is killed', () => {
  let directory: ReturnType<typeof drillDirectory>;
  beforeEach(() => {
    directory = drillDirectory();
  });
  afterEach(() => directory.remove());

  it.each(MOMENTS)('%s is finished by recover', async (_, line, outcomes) => {
    const killed = drill(directory.path, 'run', planFile(directory.path));
    await killed.until(line);
    killed.killAll();
    await killed.ended;

    const recovered = await drill(directory.path, 'recover').ended;
    expect(recovered).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(new RegExp(outcomes.join('|'))),
    });
    expect(servingLast(directory.path)).toBe('healthy');
    expect((await drill(directory.path, 'recover').ended).stdout).toContain('Nothing was left');
  });
});

describe('a drill that is interrupted', () => {
  const directory = drillDirectory();

  it('restores, seals as aborted, and only then exits', async () => {
    const running = drill(directory.path, 'run', planFile(directory.path), '--json');
    await running.until(/AwaitTrigger/);
    running.process.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    const receipt = JSON.parse(stdout) as Receipt;
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 24, outcome: 'aborted' });
    expect(receipt.marks.restored.at).not.toBeNull();
    expect(servingLast(directory.path)).toBe('healthy');
    directory.remove();
  });
});

/** The release that gave the last answer that anybody got. */
function servingLast(path: string): string | null | undefined {
  return truthOf(path).findLast(({ event, release }) => event === 'response' && release)?.release;
}
