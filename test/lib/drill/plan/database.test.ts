import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

const DATABASES = `databases:
  shop:
    dialect: postgres
    host: shop.example
    database: shop
    credentials: { secretsManager: shop/database }
    replicas:
      - { name: reader, host: reader.example, kind: physical }
      - { name: reports, host: reports.example, port: '6432', kind: logical }
`;
const VALIDATIONS = `validations:
  - { name: schema, kind: replica-schema, database: shop }
  - name: data
    kind: data-consistency
    database: shop
    assertions:
      - { name: orphaned-orders, sql: 'SELECT 1' }
`;
const PLAN = changed(['validations:\n', `${DATABASES}${VALIDATIONS}`]);

function withText(from: string, to: string): string {
  if (PLAN.split(from).length !== 2) throw new Error(`'${from}' must stand in the plan once.`);
  return PLAN.replace(from, () => to);
}

const CENSUS = `sideEffects:
  - endpoint: POST /mails
    effect: a mail
    compensation: apologise
    count: { sql: { database: shop, statement: 'SELECT count(*) FROM mails WHERE at >= {{since}}' } }
`;

describe('refuses', () => {
  test.each<[title: string, from: string, to: string, ...errors: string[]]>([
    [
      'a database that is not there',
      'kind: replica-schema, database: shop',
      'kind: replica-schema, database: shp',
      'validations[0].database (line 38): must be one of databases (shop); received "shp". Did you mean "shop"?',
    ],
    [
      'two servers of one name',
      'name: reports',
      'name: primary',
      'databases.shop.replicas[1].name (line 36): must differ from the names of the other servers (the first is called primary); received "primary" again.',
    ],
    [
      'a password in the plan of any other environment than the sandbox',
      '{ secretsManager: shop/database }',
      '{ plain: { user: ana, password: hush-hush } }',
      'databases.shop.credentials.plain (line 33): is allowed in the environment sandbox only, because plans are kept with their drills; received it for staging. Use secretsManager or iam.',
    ],
    [
      'to speak without TLS where data is real',
      '    replicas:\n',
      "    tls: 'off'\n    replicas:\n",
      'databases.shop.tls (line 34): must be require in the environment staging; off is allowed in sandbox and test.',
    ],
    [
      'two ways to log in',
      '{ secretsManager: shop/database }',
      '{ secretsManager: shop/database, iam: { user: ana } }',
      'databases.shop.credentials (line 33): must have exactly one of secretsManager, iam or plain; received secretsManager and iam.',
    ],
    [
      'a dialect that is not there yet',
      'dialect: postgres',
      'dialect: mysql',
      'databases.shop.dialect (line 30): is not supported yet. Use postgres.',
    ],
    [
      'a URL in place of a host',
      'host: shop.example',
      'host: postgres://shop.example/shop',
      'databases.shop.host (line 31): must be the name or the IPv4 address of a host; received "postgres://shop.example/shop". The port stands beside it.',
    ],
    [
      'a port that is none',
      "port: '6432'",
      'port: 0',
      'databases.shop.replicas[1].port (line 36): must be a port from 1 to 65535; received the number 0.',
    ],
    [
      'a lag that the timeout would never see',
      'kind: replica-schema, database: shop',
      'kind: replica-schema, database: shop, maximumLag: 60s',
      'validations[0].maximumLag (line 38): must be shorter than the timeout of the validation (1m), or a lag over it is never seen; received 1m.',
    ],
    [
      'a statement that does not begin as one that reads',
      'SELECT 1',
      'DELETE FROM orders',
      'validations[1].assertions[0].sql (line 43): must be one statement of at most 8000 characters that begins with SELECT, WITH, VALUES or TABLE; received "DELETE FROM orders".',
    ],
    [
      'an expectation that nobody can judge',
      "sql: 'SELECT 1' }",
      "sql: 'SELECT 1', expect: { equals: as before } }",
      'validations[1].assertions[0].expect.equals (line 43): must be a number, or the word before; received "as before".',
    ],
    [
      'two assertions of one name',
      "sql: 'SELECT 1' }",
      "sql: 'SELECT 1' }\n      - { name: orphaned-orders, sql: 'SELECT 2' }",
      'validations[1].assertions[1].name (line 44): must differ from the names of the other assertions; received "orphaned-orders" again.',
    ],
  ])('%s', (_, from, to, ...errors) => expect(errorsOf(withText(from, to))).toEqual(errors));

  test('to count in a database that is not there, or by a statement that writes', () => {
    const text = `${PLAN}${CENSUS}`;
    expect(errorsOf(text)).toEqual([]);
    expect(errorsOf(text.replace('sql: { database: shop', 'sql: { database: mails'))).toEqual([
      'sideEffects[0].count.sql.database (line 56): must be one of databases (shop); received "mails".',
    ]);
    expect(errorsOf(text.replace('SELECT count(*) FROM mails', 'UPDATE mails SET at = now()'))).toEqual([
      expect.stringContaining('sideEffects[0].count.sql.statement (line 56): must be one statement'),
    ]);
  });

  test('a validation of a database in a plan that has none', () =>
    expect(errorsOf(changed(['validations:\n', VALIDATIONS]))).toContain(
      'validations[0].database (line 29): must be one of databases, of which the plan has none; received "shop". Add it there.',
    ));
});

test.each([
  'SELECT count(*) FROM orders',
  '  -- orphans\n/* all\nof them */ with x as (select 1) table x',
  'VALUES (1)',
])('reads as a statement: %s', (sql) =>
  expect(errorsOf(withText("'SELECT 1'", JSON.stringify(sql)))).toEqual([]),
);

test('a database has its servers with their ports, and who logs in', () => {
  const parsed = parsePlan(PLAN);
  expect(parsed).toMatchObject({
    plan: {
      databases: {
        shop: {
          name: 'shop',
          tls: 'require',
          credentials: { kind: 'secret', id: 'shop/database' },
          primary: { name: 'primary', host: 'shop.example', port: 5432 },
          replicas: [
            { name: 'reader', host: 'reader.example', port: 5432, kind: 'physical' },
            { name: 'reports', host: 'reports.example', port: 6432, kind: 'logical' },
          ],
        },
      },
      validations: [
        { maximumLagMs: 10_000, timeoutMs: 60_000, ignore: [] },
        { assertions: [{ expect: { rows: 'none' } }], timeoutMs: 30_000 },
        {},
      ],
    },
  });
});
