import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION_NAMES, folderOf } from '../../lib/infra/functions.ts';
import type { DeployablePlan } from '../../lib/infra/plans.ts';
import { DrillStack } from '../../lib/infra/stack.ts';
import { reference } from './plan.ts';

export const NOW = Date.parse('2026-11-20T12:00:00Z');

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The same again for the same plans: making one takes longer than all that is asked of it. */
export function templateOf(plans: readonly DeployablePlan[], context: Record<string, string> = {}): Template {
  const key = JSON.stringify([plans, context]);
  const template = made.get(key) ?? withStack(plans, (stack) => Template.fromStack(stack), context);
  made.set(key, template);
  return template;
}

const made = new Map<string, Template>();

export function withStack<Answer>(
  plans: readonly DeployablePlan[],
  ask: (stack: DrillStack) => Answer,
  context: Record<string, string> = {},
): Answer {
  return withBundles((code, outdir) => {
    const app = new App({ outdir, context });
    return ask(new DrillStack(app, 'RollbackDrills', { plans, code, now: NOW }));
  });
}

/** Bundles of one line each: what the functions do is proven elsewhere. Nothing is left on disk. */
export function withBundles<Answer>(ask: (code: string, outdir: string) => Answer): Answer {
  const directory = mkdtempSync(join(tmpdir(), 'drill-infra-'));
  try {
    const code = join(directory, 'functions');
    for (const folder of FUNCTION_NAMES.map(folderOf)) {
      mkdirSync(join(code, folder), { recursive: true });
      writeFileSync(join(code, folder, 'index.mjs'), `export const handler = () => '${folder}';\n`);
    }
    return ask(code, join(directory, 'cdk.out'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Statements of every identity policy, by the name of the role's policy without its suffix, like `RollBack`. */
export function statementsOf(template: Template): Readonly<Record<string, readonly Statement[]>> {
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::IAM::Policy')).map(([id, { Properties }]) => [
      id.replace(/RoleDefaultPolicy.*$/, ''),
      Properties.PolicyDocument.Statement as readonly Statement[],
    ]),
  );
}

export function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}

export function resourcesOf({ Resource }: Statement): readonly string[] {
  return (Array.isArray(Resource) ? Resource : [Resource]).map(flat);
}

/** `Fn::Join` of an ARN as plain text: references as `${Name}`. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return reference(Ref);
  if (Array.isArray(attribute)) return reference(attribute.join('.'));
  if (Array.isArray(join)) return (join[1] as readonly unknown[]).map(flat).join(join[0] as string);
  throw new Error(`neither text nor reference: ${JSON.stringify(value)}`);
}
