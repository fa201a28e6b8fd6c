import { beforeEach, expect, test } from 'vitest';
import { countBySql } from '../../../../lib/adapters/sql/counter.ts';
import { databases, sharedTrio } from './trio.ts';

const trio = sharedTrio();
const WINDOW = {
  since: Date.parse('2026-11-03T10:00:00.000Z'),
  until: Date.parse('2026-11-03T10:05:00.000Z'),
};
const EFFECTS = 'SELECT count(*) FROM side_effects WHERE at >= {{since}} AND at < {{until}};';

beforeEach(() => trio.run('primary', 'TRUNCATE side_effects'));

test('nothing outside of the window is counted', async () => {
  for (const at of ['09:59:59.999', '10:00:00.000', '10:04:59.999', '10:05:00.000'])
    await trio.run(
      'primary',
      `INSERT INTO side_effects (kind, order_id, release, at) VALUES ('email', gen_random_uuid(), 'v5', '2026-11-03T${at}Z')`,
    );
  expect(await counted(EFFECTS)).toBe(2);
});

test('a statement without the times counts all the same', async () => {
  expect(await counted("SELECT count(*) FROM side_effects WHERE kind = 'email'")).toBe(0);
});

test.each([
  ['SELECT id FROM side_effects', '0 rows'],
  ['VALUES (1), (2)', '2 rows'],
  ['SELECT -1', 'one row without a whole number'],
  ['SELECT 1.5', 'one row without a whole number'],
  ["SELECT 'many'", 'one row without a whole number'],
  ['SELECT NULL', 'one row without a whole number'],
])('%s is no count', async (sql, found) => {
  await expect(counted(sql)).rejects.toThrow(
    `the statement found ${found}; it must find one row with one whole number`,
  );
});

test('what cannot be asked is not counted as zero', async () => {
  await expect(counted('SELECT count(*) FROM nowhere')).rejects.toThrow(
    'relation "nowhere" does not exist (42P01)',
  );
  const credentials = { plain: { user: 'nobody', password: 'hush-hush' } };
  await expect(counted(EFFECTS, { credentials })).rejects.toThrow('password authentication failed');
});

function counted(sql: string, changes = {}): Promise<number> {
  const shop = trio.database(changes);
  const source = { database: 'shop', statement: sql };
  return countBySql(databases, source, { shop }, WINDOW, AbortSignal.timeout(10_000));
}
