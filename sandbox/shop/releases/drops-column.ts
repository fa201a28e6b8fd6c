import { readFileSync } from 'node:fs';
import { bad, type Release } from '../release.ts';

const MIGRATION = new URL('../migrations/drop-status.sql', import.meta.url);

/**
 * Bad: its migration drops a column that the code still needs. As soon as its first task has started no release can take
 * orders any more, and going back to the last one does not help: somebody has to run `migrations/drop-status.undo.sql`.
 */
export const release: Release = { ...bad, migration: readFileSync(MIGRATION, 'utf8') };
