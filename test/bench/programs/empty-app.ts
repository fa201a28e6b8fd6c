import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { bundleFunctions } from '../../../lib/infra/bundle.ts';

/* What no app can do without: one stack with nothing in it, and the functions bundled once. */

const code = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await bundleFunctions(code);
  const app = new App();
  new Stack(app, 'Empty');
  app.synth();
} finally {
  rmSync(code, { recursive: true, force: true });
}
