import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drill, drillDirectory, planFile, ROOT, truthOf } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const EXAMPLE = readFileSync(join(ROOT, 'plans/shop-ecs.yaml'), 'utf8');

describe('a plan that is wrong in itself', () => {
  const directory = drillDirectory();
  afterAll(directory.remove);

  it.each<[string, (plan: string) => string, RegExp]>([
    ['an unknown key', (plan) => `${plan}\ndetectwithin: 5s\n`, /detectwithin.*did you mean.*detectWithin/i],
    ['a wrong type', (plan) => plan.replace('greens: 9', 'greens: many'), /restored\.greens.*received/i],
    [
      'an impossible duration',
      (plan) => plan.replace('detectWithin: 45s', 'detectWithin: 45'),
      /detectWithin.*45/,
    ],
    ['no target', (plan) => plan.replace(/target:\n.*\n/, ''), /target/],
    [
      'a known-bad release that it does not have',
      (plan) => plan.replace('default: checkout-5xx', 'default: gone'),
      /knownBad\.default.*gone/,
    ],
  ])('with %s is refused with exit code 2, and nothing is started', async (_, change, message) => {
    const file = join(directory.path, 'wrong.yaml');
    writeFileSync(file, change(EXAMPLE));
    const { exitCode, stderr, stdout } = await drill(directory.path, 'run', file).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('is named when it cannot be read', async () => {
    expect(await drill(directory.path, 'run', 'no-such-plan.yaml').ended).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no-such-plan.yaml'),
    });
  });
});

describe('a world that is not as the plan says', () => {
  let sandbox: SharedSandbox;
  beforeAll(async () => {
    sandbox = await sharedSandbox();
  }, 60_000);
  afterAll(() => sandbox.giveBack());

  it.each<[string, (plan: string) => string, RegExp]>([
    [
      'a service that is not there',
      (plan) => plan.replace('service: shop', 'service: shopp'),
      /target-exists: service shopp in cluster demo is not there/,
    ],
    [
      'a known-bad release that equals the healthy one',
      (plan) => plan.replace('/shop:checkout-5xx', '/shop:healthy'),
      /known-bad-release: the override .* must change something/,
    ],
    [
      'an endpoint that does not answer',
      (plan) => plan.replace(/url: \S+\/checkout\/check/, 'url: http://127.0.0.1:1/checkout/check'),
      /steady-state: \d+ of \d+ probes failed \(100 %\) > 0 %/,
    ],
  ])('with %s is refused with exit code 21, and nothing is touched', async (_, change, message) => {
    const file = join(sandbox.directory, 'refused.yaml');
    writeFileSync(file, change(readFileSync(planFile(sandbox.directory), 'utf8')));
    const deployments = (): number =>
      truthOf(sandbox.directory).filter(({ event }) => event === 'deployment').length;
    const before = deployments();
    const { exitCode, stdout } = await drill(sandbox.directory, 'run', file, '--json').ended;
    const record = JSON.parse(stdout) as { outcome: string; number: null; reasons: string[] };
    expect({ exitCode, outcome: record.outcome, number: record.number }).toEqual({
      exitCode: 21,
      outcome: 'refused',
      number: null,
    });
    expect(record.reasons.join()).toMatch(message);
    expect(record.reasons).toHaveLength(1);
    expect(deployments()).toBe(before);
  });
});
