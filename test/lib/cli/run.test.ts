import { expect, test } from 'vitest';
import { run } from '../../../lib/cli/run.ts';
import { runs } from './fixtures/command.ts';

const PLAN = 'plans/shop-ecs.yaml';

test.each([
  ['the faults of the sandbox', [PLAN, '--aws', '--fault', 'stale-edge'], '--fault is for the sandbox'],
  ['a name that somebody chose', [PLAN, '--aws', '--as', 'ana'], '--as is for the sandbox'],
  ['no plan', ['--aws'], 'Which plan?'],
  ['no API', [PLAN, '--aws'], 'the output ApiUrl of the stack'],
  [
    'an API that others can listen to',
    [PLAN, '--aws', '--api', 'http://api.example'],
    'must be an https URL',
  ],
  ['an API, in the sandbox', [PLAN, '--api', 'https://api.example'], '--api goes with --aws'],
])('no drill is started on AWS with %s', async (_, args, why) => {
  expect(await runs(run, '/nowhere', ...args)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(why),
  });
});
