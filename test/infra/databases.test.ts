import { describe, expect, test } from 'vitest';
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

describe('the private network of a database', () => {
  const network = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] };
  const inside = { ...SECRET, network };
  const template = templateOf([plan({ databases: { shop: inside }, validations: [SCHEMA] })]);

  test('has nobody in it but who reads the database', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const placed = functions.filter(([, { Properties }]) => Properties.VpcConfig !== undefined);
    expect(
      placed.map(([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.VpcConfig]),
    ).toEqual([['ReplicaSchema', { SubnetIds: network.subnets, SecurityGroupIds: network.securityGroups }]]);
  });

  test('is joined by Lambda only, and not by what runs in the function', () => {
    const owned = Object.entries(statementsOf(template)).flatMap(([owner, list]) =>
      list
        .filter((one) => actionsOf(one).includes('ec2:CreateNetworkInterface'))
        .map((one) => ({ owner, one })),
    );
    expect(owned.map(({ owner, one }) => [owner, one.Effect, one.Condition])).toEqual([
      ['ReplicaSchema', 'Allow', undefined],
      ['ReplicaSchema', 'Deny', { ArnEquals: { 'lambda:SourceFunctionArn': expect.anything() } }],
    ]);
    expect(owned.map(({ one }) => actionsOf(one).length)).toEqual([6, 6]);
  });

  test('must be one for all databases that one function reads', () => {
    const elsewhere = { ...inside, network: { ...network, subnets: ['subnet-0fedcba9876543210'] } };
    const validations = [SCHEMA, { ...SCHEMA, name: 'other', database: 'other' }];
    const apart = plan({ databases: { shop: inside, other: elsewhere }, validations });
    expect(() => templateOf([apart])).toThrow('the databases shop and other are in different networks');
  });
});
