import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskProcess } from '../../../sandbox/ecs/data-plane.ts';
import { type ProcessRunner, processRunner } from '../../../sandbox/processes/runner.ts';
import { shopImages } from '../../../sandbox/shop/images.ts';

const programs = join(import.meta.dirname, 'programs');
let logDirectory: string;
let runner: ProcessRunner;

beforeEach(() => {
  logDirectory = mkdtempSync(join(tmpdir(), 'runner-'));
  runner = processRunner({ logDirectory });
});
afterEach(async () => {
  await runner.close();
  rmSync(logDirectory, { recursive: true });
});

test('no task and no traffic process outlives a parent that was killed with SIGKILL', async () => {
  const parent = fork(join(programs, 'parent.ts'), [logDirectory], { execArgv: [] });
  const [urls] = (await once(parent, 'message')) as [string[]];
  expect(await Promise.all(urls.map(isListening))).toEqual([true, true, true, true]);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect
    .poll(() => Promise.all(urls.map(isListening)), { timeout: 5_000 })
    .toEqual([false, false, false, false]);
});

test('passes none of its own environment on to a task, but the path', async () => {
  process.env.SECRET_OF_THE_PARENT = 'hidden';
  const task = script('console.log(JSON.stringify(process.env))', { RELEASE: 'x', PORT: '80' });
  await task.exited;
  await runner.close();
  delete process.env.SECRET_OF_THE_PARENT;
  const { NODE_CHANNEL_FD, NODE_CHANNEL_SERIALIZATION_MODE, ...seen } = JSON.parse(log('task'));
  expect(seen).toEqual({ PATH: process.env.PATH, HOSTNAME: 'task', RELEASE: 'x', PORT: '0' });
});

test('a task that crashes at boot never listens, and its log says why', async () => {
  const task = shop('boot-crash');
  let listened = false;
  task.listening.then(() => {
    listened = true;
  });
  expect(await task.exited).toEqual({ exitCode: 1, signal: null });
  await runner.close();
  expect(listened).toBe(false);
  expect(log('task')).toContain('PAYMENT_GATEWAY');
});

test('a program that does not exist ends with exit code 127', async () => {
  const task = runner.start({ taskId: 'task', command: ['no-such-program'], environment: {} });
  expect(await task.exited).toEqual({ exitCode: 127, signal: null });
});

test('a task that ignores SIGTERM is killed after the grace, and what it started goes with it', async () => {
  const task = runner.start({
    taskId: 'task',
    command: ['node', join(programs, 'deaf.ts')],
    environment: {},
  });
  const url = `http://127.0.0.1:${await task.listening}/`;
  task.stop(50);
  expect(await task.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
  await expect.poll(() => isListening(url)).toBe(false);
});

test('what a task started ends with the task', async () => {
  const command = ['node', join(programs, 'deaf.ts'), 'polite'];
  const task = runner.start({ taskId: 'task', command, environment: {} });
  const url = `http://127.0.0.1:${await task.listening}/`;
  task.stop(5_000);
  expect(await task.exited).toEqual({ exitCode: 0, signal: null });
  await expect.poll(() => isListening(url)).toBe(false);
});

test('a stopped shop answers the request that is under way before it ends with exit code 0', async () => {
  const task = shop('healthy');
  const body = JSON.stringify({ user: 'ada', password: 'lovelace' });
  const socket = connect(await task.listening, '127.0.0.1');
  socket.write(
    `POST /login HTTP/1.1\r\nhost: shop\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  await once(socket, 'data');
  task.stop(5_000);
  await expect.poll(() => isListening(`http://127.0.0.1:${socket.remotePort}/`)).toBe(false);
  socket.write(body);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('200 OK');
  expect(await task.exited).toEqual({ exitCode: 0, signal: null });
});

test('keeps no more of a log than its limit, and says so', async () => {
  const task = script('for (let i = 0; i < 20_000; i += 1) console.log("x".repeat(99))');
  await task.exited;
  await runner.close();
  expect(statSync(join(logDirectory, 'task.log')).size).toBeLessThan(263_000);
  expect(log('task')).toMatch(/\[the log ends here: 262144 bytes is all that is kept\]\n$/);
});

test.each(['../outside', 'a/b', ''])('refuses the task id %j, which is no file name', (taskId) => {
  expect(() => runner.start({ taskId, command: ['node'], environment: {} })).toThrow('plain name');
});

test('starts nothing once it is closed, and leaves nothing running', async () => {
  const task = shop('healthy');
  const url = `http://127.0.0.1:${await task.listening}/`;
  await runner.close();
  expect(await isListening(url)).toBe(false);
  expect(() => shop('healthy')).toThrow('closed');
});

function shop(release: string): TaskProcess {
  const image = shopImages().resolve(`shop:${release}`);
  if (!image) throw new Error(`There is no shop:${release}.`);
  return runner.start({ taskId: 'task', ...image });
}

function script(text: string, environment: Record<string, string> = {}): TaskProcess {
  return runner.start({ taskId: 'task', command: ['node', '-e', text], environment });
}

function log(taskId: string): string {
  return readFileSync(join(logDirectory, `${taskId}.log`), 'utf8');
}

function isListening(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
