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

/** By who may, what the plan's undo allows. */
function allowed(undo: object, action: string) {
  const migrating = plan({
    classification: 'migration',
    migration: { undo },
    databases: { shop: DATABASE },
    validations: [{ name: 'schema', kind: 'replica-schema', database: 'shop' }],
  });
  return Object.entries(statementsOf(templateOf([migrating]))).flatMap(([owner, list]) =>
    list
      .filter((statement) => actionsOf(statement).includes(action))
      .map((statement) => ({ owner, resources: resourcesOf(statement), condition: statement.Condition })),
  );
}

test('without a migration nobody runs tasks, and no function but our own is invoked', () => {
  const all = Object.values(statementsOf(templateOf([plan()]))).flat();
  expect(all.flatMap(actionsOf)).not.toContain('ecs:RunTask');
  const invoked = all.filter((one) => actionsOf(one).includes('lambda:InvokeFunction')).flatMap(resourcesOf);
  expect(invoked.filter((arn) => !/RollbackDrills-|\.Arn/.test(arn))).toEqual([]);
});

test.each([
  ['shop-undo', `${ARN('lambda')}:function:shop-undo`],
  ['shop-undo:live', `${ARN('lambda')}:function:shop-undo:live`],
  [
    'arn:aws:lambda:eu-west-1:123456789012:function:shop-undo',
    'arn:aws:lambda:eu-west-1:123456789012:function:shop-undo',
  ],
])('only the step and the watchdog invoke %s, and nothing beside it', (name, arn) => {
  const invokers = allowed({ lambda: { function: name } }, 'lambda:InvokeFunction').filter(({ resources }) =>
    resources.some((resource) => resource.includes('shop-undo')),
  );
  expect(invokers.map(({ owner, resources }) => [owner, resources])).toEqual([
    ['UndoMigration', [arn]],
    ['Watchdog', [arn]],
  ]);
});

test.each([
  ['flyway:7', `${ARN('ecs')}:task-definition/flyway:7`],
  ['flyway', `${ARN('ecs')}:task-definition/flyway:*`],
])(
  'a task is run of %s only, in its cluster only, and roles are passed to tasks only',
  (taskDefinition, arn) => {
    const undo = { ecsTask: { cluster: 'tools', taskDefinition } };
    const runners = allowed(undo, 'ecs:RunTask');
    expect(runners.map(({ owner, resources }) => [owner, resources])).toEqual([
      ['UndoMigration', [arn]],
      ['Watchdog', [arn]],
    ]);
    for (const { condition } of runners) expect(JSON.stringify(condition)).toContain(':cluster/tools');
    const passing = allowed(undo, 'iam:PassRole').filter(({ owner }) => owner === 'UndoMigration');
    expect(passing.map(({ condition }) => condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ]);
  },
);

test('whether the undo is there is read by those who check guardrails, and by nobody else', () => {
  const readers = allowed({ lambda: { function: 'shop-undo' } }, 'lambda:GetFunctionConfiguration');
  expect(readers.map(({ owner, resources }) => [owner, resources])).toEqual([
    ['CheckGuardrails', [`${ARN('lambda')}:function:shop-undo`]],
    ['ArmWatchdog', [`${ARN('lambda')}:function:shop-undo`]],
  ]);
});
