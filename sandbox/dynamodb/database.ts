import dynalite, { type Level, type Range } from 'dynalite/db/index.js';

/** Everything lives in one LevelDB, so one batch can change items, indexes and our own records together. */
export interface Database {
  readonly level: Level;
  readonly options: object;
  readonly tableDb: { readonly awsAccountId: string; readonly awsRegion: string };
}

/** Rejects when another process has the directory open. */
export async function openDatabase(path: string): Promise<Database> {
  const opened = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await opened.db.open();
  return { level: opened.db, options: opened.options, tableDb: opened.tableDb };
}

/** Part of the database by the names that dynalite gives them. No name contains a `~`, so parts cannot overlap. */
export const part = {
  tables: 'table~',
  items: (table: string) => `item-${table}~`,
  tags: (table: string) => `tag-${table}~`,
  index: (kind: string, table: string, index: string) => `index-${kind.toLowerCase()}~${table}~${index}~`,
  indexes: (kind: string, table: string) => `index-${kind.toLowerCase()}~${table}~`,
  settings: 'sandbox-settings~',
  tokens: 'sandbox-tokens~',
};

/** The keys of one part, narrowed by a range that is relative to it. */
export function within(prefix: string, range: Range = {}): Range {
  const { gt, gte, lt, lte, ...rest } = range;
  const lower = gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? '') };
  const beyond = `${prefix.slice(0, -1)}\x7f`;
  const upper = lte !== undefined ? { lte: prefix + lte } : { lt: lt === undefined ? beyond : prefix + lt };
  return { ...rest, ...lower, ...upper };
}
