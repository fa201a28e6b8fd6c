/**
 * One task of the shop as a process: `PORT` (0 for any), `RELEASE`, `SESSION_SECRET`.
 * Started with an IPC channel, it tells its parent `{ port }` and ends when the parent does.
 */
import type { AddressInfo } from 'node:net';
import type { Release } from './release.ts';
import { shopServer } from './server.ts';
import { sessions } from './sessions.ts';

process.once('disconnect', () => process.exit(0));
await start().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});

async function start(): Promise<void> {
  const name = setting('RELEASE');
  if (!/^[\w-]+$/.test(name)) throw new Error(`RELEASE must be a plain name. Received: ${name}.`);
  const { release }: { release: Release } = await import(`./releases/${name}.ts`);
  release.boot();
  const server = shopServer({
    name,
    release,
    sessions: sessions(setting('SESSION_SECRET')),
    orders: new Map(),
    complain,
  });
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(`release ${name} listens on port ${port}`);
    process.send?.({ port });
  });
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    // `close` ends only the connections that are idle now, not those that become idle later.
    setInterval(() => server.closeIdleConnections(), 10);
  });
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.stack : error);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The shop needs the setting ${name} in its environment.`);
  return value;
}
