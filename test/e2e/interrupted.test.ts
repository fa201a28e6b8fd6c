import { afterAll, describe, expect, it } from 'vitest';
import { drill, drillDirectory, planFile, servingLast } from './fixtures/drill.ts';

/* A kill while the known-bad release is served is one of the ten cases. */

describe('a drill that is killed with everything that it started', () => {
  const directory = drillDirectory();
  afterAll(directory.remove);

  it('before anything is touched is finished by the next run, and once that is killed in its rollback by recover', async () => {
    await killAt(/CheckGuardrails/);
    const next = drill(directory.path, 'run', planFile(directory.path));
    await next.until(/AwaitRestored/);
    expect(next.written.stderr).toMatch(/Finished what was left of drill .*: aborted/);
    next.killAll();
    await next.ended;

    expect(await drill(directory.path, 'recover').ended).toMatchObject({
      exitCode: 22,
      stdout: expect.stringContaining('rescued'),
    });
    expect(servingLast(directory.path)).toBe('healthy');
  });

  it('in the quiet period is judged by what it had proven', async () => {
    await killAt(/Stabilise/);
    expect(await drill(directory.path, 'recover').ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('passed'),
    });
    expect(servingLast(directory.path)).toBe('healthy');
    expect((await drill(directory.path, 'recover').ended).stdout).toContain('Nothing was left');
  });

  async function killAt(line: RegExp): Promise<void> {
    const killed = drill(directory.path, 'run', planFile(directory.path));
    await killed.until(line);
    killed.killAll();
    await killed.ended;
  }
});
