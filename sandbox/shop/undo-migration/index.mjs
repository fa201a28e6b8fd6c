import { undoMigration } from './undo-migration.ts';

export const handler = (event) => undoMigration(event);
