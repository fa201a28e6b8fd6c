import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { Plan } from '../drill/plan/plan.ts';
import { forget, isUpToDate, remember } from './bundle-inputs.ts';
import { FUNCTION_NAMES, type FunctionName, folderOf } from './functions.ts';
import { leanSdk } from './lean-sdk.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Parts of the SDK that have no use in Lambda, and what is bundled instead. */
const CREDENTIALS = fileURLToPath(new URL('./stand-ins/credentials.ts', import.meta.url));
const STAND_INS = {
  '@aws-sdk/credential-provider-node': CREDENTIALS,
  '@aws-sdk/credential-providers': CREDENTIALS,
  '@aws-sdk/endpoint-cache': fileURLToPath(new URL('./stand-ins/endpoint-cache.ts', import.meta.url)),
  '@smithy/core/event-streams': fileURLToPath(new URL('./stand-ins/event-streams.ts', import.meta.url)),
};

/** How all code for Lambda is bundled. */
export const BUNDLING = {
  absWorkingDir: ROOT,
  metafile: true,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  alias: STAND_INS,
  plugins: [leanSdk()],
  // The client of PostgreSQL can do without its native one.
  external: ['pg-native'],
  outExtension: { '.js': '.mjs' },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Bundles are made anew when this has changed. */
const BUNDLER = ['lib/infra/bundle.ts', 'lib/infra/lean-sdk.ts'];

/**
 * Bundles every function in one go: `DIRECTORY/FOLDER/index.mjs`. The SDK is inside, because a bundled SDK starts faster
 * than an external one, and because what is tested is then what is deployed. A bundle that is still up to date is kept.
 */
export async function bundleFunctions(directory: string): Promise<void> {
  if (isUpToDate(directory, ROOT, FUNCTION_NAMES)) return;
  forget(directory);
  const startedAtMs = Date.now();
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: FUNCTION_NAMES.map((name) => ({
      in: join(ROOT, 'functions', folderOf(name), 'handler.ts'),
      out: `${folderOf(name)}/index`,
    })),
    outdir: directory,
  });
  const bundled = Object.keys(metafile.inputs).filter((input) => !input.startsWith('(disabled)'));
  const outputs = FUNCTION_NAMES.map((name) => `${folderOf(name)}/index.mjs`);
  remember(directory, ROOT, FUNCTION_NAMES, { inputs: [...BUNDLER, ...bundled], outputs, startedAtMs });
}

/** Those that read plans. */
const PLAN_READERS: readonly FunctionName[] = ['LoadPlan', 'StartDrill', 'Api'];

/** Plans are deployed beside the code of the functions that load them, parsed and frozen. */
export async function placePlan(directory: string, plan: Plan): Promise<void> {
  for (const reader of PLAN_READERS) {
    const plans = join(directory, folderOf(reader), 'plans');
    await mkdir(plans, { recursive: true });
    await writeFile(join(plans, `${plan.name}.json`), JSON.stringify(plan));
  }
}
