import { readdirSync, readFileSync } from 'node:fs';
import { migrate, openDatabase } from '../database.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Who asks for it, and for which of its rollbacks: the same again does the same, and changes nothing. */
interface Asked {
  readonly drillId?: string;
  readonly round?: number;
}

/** The team's undo: takes back every change of a bad release in the shop's database, whether or not it was made. */
export async function undoMigration({
  drillId = 'nobody',
  round = 0,
}: Asked): Promise<{ undone: readonly string[] }> {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('shop-undo-migration needs DATABASE_URL in its environment.');
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.undo.sql'));
  const database = openDatabase(DATABASE_URL, 'undo-migration', console.error);
  try {
    const undo = files.map((file) => readFileSync(new URL(file, MIGRATIONS), 'utf8'));
    await migrate(database, { migration: undo.join('\n') });
  } finally {
    await database.end();
  }
  console.log(`${files.join(', ')} for ${drillId}, rollback ${round}`);
  return { undone: files };
}
