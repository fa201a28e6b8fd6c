import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from './bundle.ts';

/*
 * Bundling takes longer than all else that synthesising needs: what was bundled last is kept, and copied for as long as no
 * source has changed. Others may be doing the same at the same time.
 */

const KEPT = join(import.meta.dirname, '../../node_modules/.cache/rollback-drills/functions');

/** Bundles the functions unless that was done already, and keeps them for `copyBundle`. */
export async function keepBundle(): Promise<void> {
  const draft = `${KEPT}-${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true });
    copyBundle(draft);
    await bundleFunctions(draft);
    rmSync(KEPT, { recursive: true, force: true });
    renameSync(draft, KEPT);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Nothing, or a part only, when there is none or another one takes its place meanwhile: `bundleFunctions` sees to that. */
export function copyBundle(directory: string): void {
  try {
    if (existsSync(KEPT)) cpSync(KEPT, directory, { recursive: true, preserveTimestamps: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
