import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RollbackDrills } from '../../lib/infra/rollback-drills.ts';
import { withBundles } from './fixture.ts';
import { planText } from './plan.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLE = join(ROOT, 'docs/examples/own-app.ts');

describe('the example in the README', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'own-app-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('is not another one than this', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(readFileSync(EXAMPLE, 'utf8').trim());
  });

  test('is an app of a team’s own, with its own plans and its own subscriber', () => {
    own();
    const { status, stderr } = spawnSync(process.execPath, ['app.ts'], {
      cwd: directory,
      // What the rules of CloudFormation say of the stack takes most of the time, and nothing here asks for it.
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        CDK_OUTDIR: join(directory, 'cdk.out'),
        CDK_VALIDATION: 'false',
      },
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(status, stderr).toBe(0);
    const { Resources } = JSON.parse(
      readFileSync(join(directory, 'cdk.out/ReleaseSafety.template.json'), 'utf8'),
    ) as { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };
    const of = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
    expect(of('AWS::StepFunctions::StateMachine').map((one) => one.Properties.StateMachineName)).toEqual([
      'ReleaseSafety-drill',
      'ReleaseSafety-witness',
    ]);
    expect(of('AWS::SNS::Subscription')).toHaveLength(1);
    expect(of('AWS::Scheduler::Schedule')).toHaveLength(1);
  });

  /** The package is linked, as npm links those of the same workspace. */
  function own(): void {
    const modules = join(directory, 'node_modules');
    mkdirSync(join(directory, 'drills'), { recursive: true });
    mkdirSync(modules);
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    mkdirSync(join(modules, 'rollback-drills'));
    symlinkSync(join(ROOT, 'lib'), join(modules, 'rollback-drills/lib'));
    const { exports } = manifest();
    writeFileSync(join(modules, 'rollback-drills/package.json'), JSON.stringify({ type: 'module', exports }));
    const schedule = { expression: 'cron(0 10 ? 1,4,7,10 3#2 *)', timezone: 'Europe/Berlin' };
    writeFileSync(join(directory, 'drills/shop.yaml'), planText({ schedule }));
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    cpSync(EXAMPLE, join(directory, 'app.ts'));
  }
});

describe('drills in a stack of others', () => {
  test('are not two in one stack, whose functions would have the same names', () => {
    expect(() => inStack((stack, make) => [make(stack, 'One'), make(stack, 'Two')])).toThrow(
      'Team has RollbackDrills already: Team/One',
    );
  });

  test('are in no stack whose name is known only when it is deployed', () => {
    expect(() => inStack((stack, make) => make(new NestedStack(stack, 'Nested'), 'Drills'))).toThrow(
      'Put it into a stack that is not nested',
    );
  });

  test('are in no stack whose name leaves no room for those of the functions', () => {
    const stackName = 'a-team-that-likes-its-names-to-be-long-and-clear';
    expect(() => inStack((_, make, app) => make(new Stack(app, 'Long', { stackName }), 'Drills'))).toThrow(
      `has ${stackName.length} characters; at most 43 are allowed`,
    );
  });

  test('are not left without a plan unnoticed', () => {
    const warnings = inStack((stack, make) => {
      make(stack, 'Drills');
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('No plan is deployed'));
    });
    expect(warnings).toHaveLength(1);
  });

  test('stop at the safety switch that they are told of, and make none', () => {
    const { named, made } = inStack((stack, make) => {
      const { safetySwitch } = make(stack, 'Drills', '/ops/drills');
      const made = stack.node.findAll().filter((one) => one instanceof StringParameter);
      return { named: safetySwitch.parameterName, made };
    });
    expect([named, made]).toEqual(['/ops/drills', []]);
  });

  type Make = (scope: Stack, id: string, safetySwitch?: string) => RollbackDrills;

  function inStack<Answer>(ask: (stack: Stack, make: Make, app: App) => Answer): Answer {
    return withBundles((code, outdir) => {
      const app = new App({ outdir });
      const make: Make = (scope, id, safetySwitch) =>
        new RollbackDrills(scope, id, { plans: [], code, ...(safetySwitch ? { safetySwitch } : {}) });
      return ask(new Stack(app, 'Team'), make, app);
    });
  }
});

function manifest(): { readonly exports?: unknown } {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly exports?: unknown };
}
