import { afterAll, expect, it } from 'vitest';
import { drill, drillDirectory, planFile, type RunningCommand, servingLast } from './fixtures/drill.ts';

const directory = drillDirectory();
afterAll(directory.remove);

it('a drill that is killed with everything that it started is finished by the next run, or by recover', async () => {
  const first = await killedAt(/badServing/);
  expect(first.written.stderr).not.toContain('Finished');

  const second = await killedAt(/Stabilise/);
  expect(second.written.stderr).toMatch(/Finished what was left of drill .*: rescued/);

  // What it had proven before the kill decides.
  expect(await drill(directory.path, 'recover').ended).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('passed'),
  });
  expect(servingLast(directory.path)).toBe('healthy');
  expect((await drill(directory.path, 'recover').ended).stdout).toContain('Nothing was left');
});

async function killedAt(line: RegExp): Promise<RunningCommand> {
  const running = drill(directory.path, 'run', planFile(directory.path));
  await running.until(line);
  running.killAll();
  await running.ended;
  return running;
}
