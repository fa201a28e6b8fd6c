import { expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

const DATABASE = `databases:
  shop: { dialect: postgres, host: db.example, database: shop, credentials: { iam: { user: reader } } }
`;
const SCHEMA = '{ name: schema, kind: replica-schema, database: shop }';
const LAMBDA = '{ lambda: { function: shop-undo } }';

/** A plan of this classification with this migration and this validation, each left out when it is empty. */
function planText(classification: string, migration: string, validation = SCHEMA): string {
  const migrated = migration === '' ? '' : `migration: ${migration}\n`;
  const checked = validation === '' ? '' : `  - ${validation}\n`;
  return changed(
    ['tier: critical\n', `tier: critical\nclassification: ${classification}\n${migrated}${DATABASE}`],
    ['validations:\n', `validations:\n${checked}`],
  );
}

function errors(...given: Parameters<typeof planText>): readonly string[] {
  return errorsOf(planText(...given)).map((error) => error.replace(/ \(line \d+\)/, ''));
}

test('a migration without its undo is refused', () => {
  expect(errors('migration', '')).toEqual([
    'migration: is missing: a plan of the classification migration says how its database gets back. Give migration: {undo: {lambda: {function}}} or {undo: {ecsTask: {cluster, taskDefinition}}}.',
  ]);
});

test('an undo in a plan that migrates nothing is refused', () => {
  expect(errors('code', `{ undo: ${LAMBDA} }`)).toEqual([
    'migration: is for plans of the classification migration; received it for code. Say classification: migration, or remove it.',
  ]);
});

test.each([
  ['', 'synthetic-transaction'],
  [SCHEMA.replace(' }', ', required: false }'), 'replica-schema, synthetic-transaction'],
])('a migration whose replicas nobody must check is refused: %s', (validation, received) => {
  expect(errors('migration', `{ undo: ${LAMBDA} }`, validation)).toEqual([
    `validations: must have a required one of kind replica-schema, because the classification is migration; received ${received}. Add it.`,
  ]);
});

const TASK = 'cluster: tools, taskDefinition: flyway';

test.each([
  [
    '{ undo: { lambda: { function: shop-undo, payload: { drillId: mine } } } }',
    'migration.undo.lambda.payload.drillId: must be a key of 1 to 128 characters, but for drillId, round, reason, which the drill sets itself; received "drillId".',
  ],
  [
    `{ undo: ${LAMBDA}, within: 6m }`,
    'migration.within: must be at most 5m for a Lambda function, whose answer is waited for on one connection; received 6m. Shorten it, or use an ecsTask.',
  ],
  [
    `{ undo: { ecsTask: { ${TASK}, command: [flyway, undo] } } }`,
    'migration.undo.ecsTask.command: needs container, the name of the container that runs it. Add it.',
  ],
  [
    `{ undo: { ecsTask: { ${TASK}, securityGroups: [sg-0123456789abcdef0] } } }`,
    'migration.undo.ecsTask.securityGroups: needs subnets: without them the task has no network of its own. Add them, or remove this.',
  ],
  [
    `{ undo: { lambda: { function: shop-undo }, ecsTask: { ${TASK} } } }`,
    'migration.undo: must have exactly one of lambda or ecsTask; received lambda and ecsTask.',
  ],
  [
    `{ undo: ${LAMBDA}, when: later }`,
    'migration.when: must be after-rollback or before-rollback; received "later".',
  ],
])('%s is refused', (migration, error) => {
  expect(errors('migration', migration)).toEqual([error]);
});

test('a function is invoked after the rollback and has two minutes, unless the plan says otherwise', () => {
  expect(migrationOf(`{ undo: ${LAMBDA} }`)).toEqual({
    undo: { kind: 'lambda', functionName: 'shop-undo', payload: {} },
    when: 'after-rollback',
    withinMs: 120_000,
  });
});

test('a task has its network, its container and its command', () => {
  const task = `${TASK}, subnets: [subnet-0123abcd], container: flyway, command: [undo]`;
  expect(migrationOf(`{ undo: { ecsTask: { ${task} } }, when: before-rollback, within: 10m }`)).toEqual({
    undo: {
      kind: 'ecs-task',
      cluster: 'tools',
      taskDefinition: 'flyway',
      subnets: ['subnet-0123abcd'],
      container: 'flyway',
      command: ['undo'],
    },
    when: 'before-rollback',
    withinMs: 600_000,
  });
});

function migrationOf(migration: string): unknown {
  const parsed = parsePlan(planText('migration', migration));
  return parsed.kind === 'plan' ? parsed.plan.migration : parsed.errors;
}
