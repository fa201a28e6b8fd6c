import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CodePipelineClient,
  CreatePipelineCommand,
  type PipelineDeclaration,
} from '@aws-sdk/client-codepipeline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { init } from '../../lib/cli/init.ts';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import { SHOP_PIPELINE } from '../../sandbox/shop/pipeline-definition.ts';
import { runs } from '../lib/cli/fixtures/command.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const FILLED = {
  OWNER: 'the-team',
  SMOKE_URL: 'https://shop.example/health',
  KNOWN_BAD_IMAGE: 'registry/shop:bad',
  KNOWN_BAD_VALUE: 'bad',
};

describe('a plan for what is there, with the sandbox as AWS', () => {
  let sandbox: SharedSandbox;
  beforeAll(async () => {
    sandbox = await sharedSandbox();
  }, 60_000);
  beforeEach(() => {
    const { endpoint, region, credentials } = sandbox.client;
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => sandbox.giveBack());

  it('is none for what is not there, and writes over nothing', async () => {
    const file = join(sandbox.directory, 'written-once.yaml');
    const ofNothing = await runs(init, sandbox.directory, '--ecs', 'demo/nothing', file);
    expect(ofNothing).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('there is none of that name'),
    });
    expect((await runs(init, sandbox.directory, '--pipeline', 'nothing', file)).err).toContain(
      'cannot be read',
    );
    expect(await runs(init, sandbox.directory, '--ecs', 'demo/shop', file)).toMatchObject({ exitCode: 0 });
    const before = readFileSync(file, 'utf8');
    const again = await runs(init, sandbox.directory, '--ecs', 'demo/shop', '--name', 'other', file);
    expect(again).toMatchObject({ exitCode: 2, err: expect.stringContaining('never overwritten') });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('names the cluster, the service, its container and its load balancer', async () => {
    const file = join(sandbox.directory, 'of-service.yaml');
    await runs(init, sandbox.directory, '--ecs', 'demo/shop', '--name', 'of-service', file);
    expect(readFileSync(file, 'utf8')).toMatch(
      /# shop runs .*shop:healthy[\s\S]*targetgroup\/shop\/0123456789abcdef/,
    );
    expect(planIn(file)).toMatchObject({
      name: 'of-service',
      target: { kind: 'ecs', cluster: 'demo', service: 'shop' },
    });
  });

  it('names the stage of a pipeline that deploys to the service, and what lies behind it', async () => {
    const client = new CodePipelineClient(sandbox.client);
    await client.send(new CreatePipelineCommand({ pipeline: withoutSource('only-read') }));
    client.destroy();
    const file = join(sandbox.directory, 'of-pipeline.yaml');
    const ran = await runs(init, sandbox.directory, '--pipeline', 'only-read', file);
    expect(ran).toMatchObject({ exitCode: 0, out: expect.stringContaining('drill check') });
    expect(planIn(file)).toMatchObject({
      name: 'only-read',
      target: {
        kind: 'codepipeline',
        pipeline: 'only-read',
        stage: 'Deploy',
        ecs: { cluster: 'demo', service: 'shop' },
        disableTransitions: ['Promote'],
      },
      knownBad: { releases: { 'known-bad': { variables: { image_tag: 'bad' } } } },
    });
  });
});

/** Its first execution ends before it deploys anything. */
function withoutSource(name: string): PipelineDeclaration {
  const [source, ...others] = SHOP_PIPELINE.stages ?? [];
  const configuration = { S3Bucket: 'nowhere', S3ObjectKey: 'nothing.zip', PollForSourceChanges: 'false' };
  const actions = (source?.actions ?? []).map((action) => ({ ...action, configuration }));
  return { ...SHOP_PIPELINE, name, stages: [{ name: 'Source', actions }, ...others] };
}

function planIn(file: string) {
  const parsed = parsePlan(readFileSync(file, 'utf8'), { environment: FILLED });
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('\n'));
}
