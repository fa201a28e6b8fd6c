import { expect, test } from 'vitest';
import { actionsOf, resourcesOf, statementsOf, templateOf } from './fixture.ts';
import { plan, reference } from './plan.ts';

const ARN = (service: string) =>
  `arn:${reference('AWS::Partition')}:${service}:${reference('AWS::Region')}:${reference('AWS::AccountId')}`;
const SECRET = {
  host: 'shop.example',
  database: 'shop',
  dialect: 'postgres',
  credentials: { secretsManager: 'shop/db' },
};
const TOKEN = { ...SECRET, host: 'aurora.example', credentials: { iam: { user: 'drill_reader' } } };
const SCHEMA = { name: 'schema', kind: 'replica-schema', database: 'shop' };
const DATA = {
  name: 'data',
  kind: 'data-consistency',
  database: 'orders',
  assertions: [{ name: 'lost', sql: 'SELECT 1' }],
};

test('without a validation of a database, no secret is read and nobody logs in to one', () => {
  const owned = statementsOf(templateOf([plan({ databases: { shop: SECRET, orders: TOKEN } })]));
  const actions = Object.values(owned).flat().flatMap(actionsOf);
  expect(actions.filter((action) => /^(secretsmanager|rds-db):/.test(action))).toEqual([]);
});

test('each validation logs in to its own database only, with what the plan says', () => {
  const databases = { shop: SECRET, orders: TOKEN };
  const template = templateOf([plan({ databases, validations: [SCHEMA, DATA] })]);
  const allowed = (action: string) =>
    Object.entries(statementsOf(template)).flatMap(([owner, list]) =>
      list.filter((one) => actionsOf(one).includes(action)).map((one) => [owner, resourcesOf(one)]),
    );
  expect(allowed('secretsmanager:GetSecretValue')).toEqual([
    ['ReplicaSchema', [`${ARN('secretsmanager')}:secret:shop/db-??????`]],
  ]);
  expect(allowed('rds-db:connect')).toEqual([
    ['DataConsistency', [`${ARN('rds-db')}:dbuser:*/drill_reader`]],
  ]);
});

test('who counts side effects logs in to the databases in which they are counted', () => {
  const count = { sql: { database: 'orders', statement: 'SELECT count(*) FROM mails' } };
  const sideEffects = [{ endpoint: 'POST /mails', effect: 'a mail', compensation: 'apologise', count }];
  const owned = statementsOf(templateOf([plan({ databases: { shop: SECRET, orders: TOKEN }, sideEffects })]));
  const connecting = Object.entries(owned).filter(([, list]) =>
    list.flatMap(actionsOf).includes('rds-db:connect'),
  );
  expect(connecting.map(([owner]) => owner)).toEqual(['CountSideEffects']);
});

test('the certificates of RDS are trusted where databases are read, and nowhere else', () => {
  const template = templateOf([plan({ databases: { shop: SECRET }, validations: [SCHEMA] })]);
  const trusting = Object.entries(template.findResources('AWS::Lambda::Function')).filter(
    ([, { Properties }]) =>
      Properties.Environment.Variables.NODE_EXTRA_CA_CERTS === '/var/runtime/ca-cert.pem',
  );
  expect(trusting.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['ReplicaSchema']);
});
