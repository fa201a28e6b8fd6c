import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drillJson, planFile, ROOT } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:drops-column';
const CHECKS = new Set(['synthetic-transaction', 'replica-schema', 'data-consistency']);

let sandbox: SharedSandbox;
beforeAll(async () => {
  sandbox = await sharedSandbox();
}, 60_000);
afterAll(() => sandbox.close());

test('a release that drops a column is not whole again by its code alone: the team’s undo runs beside the rollback, and the replicas follow', async () => {
  const { exitCode, receipt } = await drillJson(sandbox.directory, 'run', migrationPlan(sandbox.directory));
  expect({ exitCode, outcome: receipt.outcome, reasons: receipt.reasons }).toMatchObject({
    exitCode: 0,
    outcome: 'passed',
  });
  expect(receipt.migration).toMatchObject({ round: 1, result: 'undone' });
  expect(receipt.commands.at(-1)).toMatch(
    /^aws lambda invoke --function-name shop-undo-migration .*"round":1/,
  );
  expect(receipt.marks.rollbackStarted.at?.localeCompare(receipt.migration?.at ?? '')).toBe(-1);
  expect(receipt.validations.map(({ kind, verdict }) => [kind, verdict])).toEqual(
    [...CHECKS].map((kind) => [kind, 'passed']),
  );
}, 120_000);

function migrationPlan(directory: string): string {
  const whole = parse(readFileSync(join(ROOT, 'plans/shop-ecs.yaml'), 'utf8'));
  return planFile(directory, () => ({
    classification: 'migration',
    migration: { undo: { lambda: { function: 'shop-undo-migration' } }, within: '20s' },
    knownBad: { default: 'drops-column', releases: { 'drops-column': { container: 'shop', image: IMAGE } } },
    validations: whole.validations.filter(({ kind }: { kind: string }) => CHECKS.has(kind)),
  }));
}
