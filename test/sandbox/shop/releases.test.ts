import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskProcess } from '../../../sandbox/ecs/data-plane.ts';
import { type ProcessRunner, processRunner } from '../../../sandbox/processes/runner.ts';
import { shopImages } from '../../../sandbox/shop/images.ts';

const ADA = { user: 'ada', password: 'lovelace' };
let logDirectory: string;
let runner: ProcessRunner;

beforeAll(() => {
  logDirectory = mkdtempSync(join(tmpdir(), 'releases-'));
  runner = processRunner({ logDirectory });
});
afterAll(async () => {
  await runner.close();
  rmSync(logDirectory, { recursive: true });
});

test.concurrent('refuses-connections does not close its port for its health checks, but soon after its first user', async ({
  expect,
}) => {
  const { url, task } = await running('refuses-connections');
  await passing(2_200);
  expect((await fetch(`${url}/health`)).status).toBe(200);

  const user = performance.now();
  expect((await fetch(`${url}/me`)).status).toBe(401);
  await expect.poll(() => refused(url), { timeout: 10_000 }).toBe(true);
  expect(performance.now() - user).toBeGreaterThan(1_900);
  expect(isAlive(task)).toBe(true);
  task.stop(5_000);
  expect(await task.exited).toEqual({ exitCode: 0, signal: null });
});

test.concurrent('slow-p99 never keeps the health check waiting, and answers well, only every sixth time 1.2 s late', async () => {
  const { url } = await running('slow-p99');
  const lateness: string[] = [];
  for (let i = 1; i <= 12; i += 1) {
    const asked = performance.now();
    expect((await fetch(`${url}/checkout/check`)).status).toBe(200);
    lateness.push(performance.now() - asked >= 1_190 ? 'late' : 'quick');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  }
  expect(lateness.slice(0, 6).filter((answer) => answer === 'late')).toHaveLength(1);
  expect(lateness.slice(6)).toEqual(lateness.slice(0, 6));
});

test.concurrent('login-broken lets nobody in, with no server error, and whoever is logged in can buy', async () => {
  const { url } = await running('login-broken');
  const healthy = await running('healthy');
  expect((await post(`${url}/login`, ADA)).status).toBe(401);
  for (const path of ['/health', '/', '/catalogue', '/checkout/check'])
    expect((await fetch(url + path)).status).toBe(200);

  const { token } = (await (await post(`${healthy.url}/login`, ADA)).json()) as { token: string };
  const authorization = `Bearer ${token}`;
  expect((await fetch(`${url}/me`, { headers: { authorization } })).status).toBe(200);
  expect((await post(`${url}/checkout`, { sku: 'mug' }, { authorization })).status).toBe(201);
});

test.concurrent('memory-creep serves, until what it keeps of every request and of the time gets it killed as over its memory limit', async () => {
  const { url, task } = await running('memory-creep');
  await passing(2_000);
  const before = await residentKilobytes(task);
  let answered = 0;
  while (await isAnswered(`${url}/checkout/check`)) {
    answered += 1;
    if (answered === 100) expect((await residentKilobytes(task)) - before).toBeGreaterThan(8 * 1_024);
  }
  expect(await task.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
  // 512 requests would be too many for it even in no time at all.
  expect(answered).toBeLessThan(512 - 100);
});

test.concurrent('config-missing-secret listens, but passes no health check, and says what is missing', async () => {
  const { url } = await running('config-missing-secret');
  const health = await fetch(`${url}/health`);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ missing: 'PAYMENT_KEY' });
});

test.concurrent('config-missing-secret is well once it has its secret', async () => {
  const { url } = await running('config-missing-secret', { PAYMENT_KEY: 'secret' });
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

async function running(release: string, more: Readonly<Record<string, string>> = {}) {
  const image = shopImages().resolve(`shop:${release}`);
  if (!image) throw new Error(`There is no shop:${release}.`);
  const environment = { ...image.environment, ...more };
  const task = runner.start({
    taskId: `${release}-${crypto.randomUUID()}`,
    command: image.command,
    environment,
  });
  return { task, url: `http://127.0.0.1:${await task.listening}` };
}

async function isAnswered(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.status === 200;
}

async function refused(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/health`);
    return false;
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  }
}

const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function residentKilobytes({ pid }: TaskProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout);
}

function isAlive({ pid }: TaskProcess): boolean {
  return process.kill(pid, 0);
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
