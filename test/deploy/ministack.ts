import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, start, until, type Variables } from './command.ts';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const INSTALL_LIMIT_MS = 180_000;
const READY_LIMIT_MS = 60_000;

export interface MiniStack {
  /** What an AWS client needs in its environment to talk to it. */
  readonly environment: Variables;
  close(): Promise<void>;
}

/** Something that this machine has not, in words for whoever has to install it. */
class Missing extends Error {
  override readonly name = 'Missing';
}

/** Installs MiniStack into a virtual environment of its own, unless it is there already, and answers its Python. */
export async function installMiniStack(parent: string, env: Variables): Promise<string> {
  const pins = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 8);
  const directory = join(parent, `ministack-${pins}`);
  const python = join(directory, 'bin', 'python');
  const pinned = {
    program: python,
    args: ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', REQUIREMENTS],
    env,
  };
  const check = { program: python, args: ['-c', 'import ministack, hypercorn, yaml'], env };
  if (await succeeds(check)) return python;
  await rm(directory, { recursive: true, force: true });
  await run({ program: 'python3', args: ['-m', 'venv', directory], env }, INSTALL_LIMIT_MS).catch(lacking);
  await run(pinned, INSTALL_LIMIT_MS).catch((error: Error) => {
    throw new Missing(`pip could not install MiniStack (needs a Python package index): ${error.message}`);
  });
  return python;
}

/** Starts MiniStack on a free port of the loopback. It runs functions with the Node that runs this. */
export async function startMiniStack(
  python: string,
  { directory, logFile }: { readonly directory: string; readonly logFile: string },
  env: Variables,
): Promise<MiniStack> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = {
    ...env,
    PATH: `${dirname(process.execPath)}:${env.PATH}`,
    TMPDIR: directory,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    LAMBDA_EXECUTOR: 'local',
  };
  const close = start({ program: python, args: ['-m', 'ministack'], env: own, cwd: directory }, logFile);
  try {
    await until('MiniStack', READY_LIMIT_MS, () => healthy(`${url}/_ministack/health`));
  } catch (error) {
    await close();
    throw error;
  }
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  return { environment, close };
}

function lacking(error: Error): never {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    throw new Missing('Python 3 is missing: there is no python3 on the PATH. Install Python 3.10 or newer.');
  throw new Missing(
    `Python 3 has no working venv (on Debian and Ubuntu: apt-get install python3-venv): ${error.message}`,
  );
}

async function succeeds(command: Parameters<typeof run>[0]): Promise<boolean> {
  return run(command, INSTALL_LIMIT_MS).then(
    () => true,
    () => false,
  );
}

async function healthy(url: string): Promise<true | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.ok ? true : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
