import { expect, test } from 'vitest';
import { actionsOf, resourcesOf, statementsOf, templateOf } from './fixture.ts';
import { plan, reference } from './plan.ts';

const ARN = (service: string) =>
  `arn:${reference('AWS::Partition')}:${service}:${reference('AWS::Region')}:${reference('AWS::AccountId')}`;
const DATABASE = {
  host: 'shop.example',
  database: 'shop',
  dialect: 'postgres',
  credentials: { secretsManager: 'db' },
};
const OF_OTHERS = 'arn:aws:lambda:eu-west-1:123456789012:function:shop-undo';

function migrating(name: string, undo: object, when = 'after-rollback') {
  return plan({
    name,
    classification: 'migration',
    migration: { undo, when },
    databases: { shop: DATABASE },
    validations: [{ name: 'schema', kind: 'replica-schema', database: 'shop' }],
  });
}

const FUNCTIONS = ['shop-undo', 'shop-undo:live', OF_OTHERS].map((name, index) =>
  migrating(`by-function-${index}`, { lambda: { function: name } }),
);
const TASKS = ['flyway:7', 'liquibase'].map((taskDefinition, index) =>
  migrating(`by-task-${index}`, { ecsTask: { cluster: 'tools', taskDefinition } }),
);
const without = statementsOf(templateOf([plan()]));
const after = statementsOf(templateOf([...FUNCTIONS, ...TASKS]));

/** By who may, what is allowed. */
function allowed(action: string, owned = after) {
  return Object.entries(owned).flatMap(([owner, list]) =>
    list
      .filter((statement) => actionsOf(statement).includes(action))
      .map((statement) => ({ owner, resources: resourcesOf(statement), condition: statement.Condition })),
  );
}

test('without a migration nobody runs tasks, and no function but our own is invoked or read', () => {
  const actions = Object.values(without).flat().flatMap(actionsOf);
  expect(actions).not.toContain('ecs:RunTask');
  expect(actions).not.toContain('lambda:GetFunctionConfiguration');
  const invoked = allowed('lambda:InvokeFunction', without).flatMap(({ resources }) => resources);
  expect(invoked.filter((arn) => !/RollbackDrills-|\.Arn/.test(arn))).toEqual([]);
});

test('only the step and the watchdog invoke the functions of the plans, and none beside them', () => {
  const functions = [
    `${ARN('lambda')}:function:shop-undo`,
    `${ARN('lambda')}:function:shop-undo:live`,
    OF_OTHERS,
  ];
  const invokers = allowed('lambda:InvokeFunction').filter(({ resources }) => resources.includes(OF_OTHERS));
  expect(invokers.map(({ owner, resources }) => [owner, resources])).toEqual([
    ['UndoMigration', functions],
    ['Watchdog', functions],
  ]);
});

test('tasks are run of the plans’ definitions only, in their cluster only; roles are passed to tasks only', () => {
  const definitions = [`${ARN('ecs')}:task-definition/flyway:7`, `${ARN('ecs')}:task-definition/liquibase:*`];
  const runners = allowed('ecs:RunTask');
  expect(runners.map(({ owner, resources }) => [owner, resources])).toEqual([
    ['UndoMigration', definitions],
    ['Watchdog', definitions],
  ]);
  for (const { condition } of runners) expect(JSON.stringify(condition)).toContain(':cluster/tools');
  const passing = allowed('iam:PassRole').filter(({ owner }) => owner === 'UndoMigration');
  expect(passing.map(({ condition }) => condition)).toEqual([
    { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  ]);
});

test('whether the undo is there is read by those who check guardrails, and by nobody else', () => {
  expect(allowed('lambda:GetFunctionConfiguration').map(({ owner }) => owner)).toEqual([
    'CheckGuardrails',
    'ArmWatchdog',
  ]);
});

test('what the rollback waits for is warm before it is needed, and nothing else is', () => {
  const first = migrating('first', { lambda: { function: 'shop-undo' } }, 'before-rollback');
  const warmed = (owned: typeof after) =>
    allowed('lambda:InvokeFunction', owned)
      .filter(({ owner }) => owner === 'AwaitTrigger')
      .flatMap(({ resources }) => resources.map((arn) => arn.split('-').at(-1)));
  expect(warmed(after)).toEqual(warmed(without));
  expect(warmed(statementsOf(templateOf([first])))).toEqual([...warmed(without), 'UndoMigration']);
});
