import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Message, messageLogAt } from '../../../sandbox/sqs/message-log.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'message-log-'));
  path = join(directory, 'orders.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

const message = (id: string): Message => ({
  id,
  body: `body of ${id}`,
  attributes: {},
  sentMs: 1,
  arrivedMs: 1,
  visibleFromMs: 1,
  receives: 0,
});
const ids = (log = messageLogAt(path)) => [...log.messages.keys()];

test('a line that a kill cut short takes nothing with it', () => {
  messageLogAt(path).put(message('1'));
  appendFileSync(path, JSON.stringify({ put: message('2') }).slice(0, 20));
  const log = messageLogAt(path);
  expect(ids(log)).toEqual(['1']);
  log.put(message('3'));
  expect(ids()).toEqual(['1', '3']);
});

test('after a restart everything is as it was: changed, removed and cleared', () => {
  const log = messageLogAt(path);
  for (const id of ['1', '2', '3']) log.put(message(id));
  log.remove(['2', 'absent']);
  log.update('1', { receives: 4, receipt: 'latest' });
  log.update('absent', { receives: 4 });
  const again = messageLogAt(path);
  expect([...again.messages.values()]).toEqual([
    { ...message('1'), receives: 4, receipt: 'latest' },
    message('3'),
  ]);
  expect(again.characters()).toBe(2 * 'body of 1'.length);
  again.clear();
  expect(again.characters()).toBe(0);
  expect(ids()).toEqual([]);
});

test('the file does not grow with what was sent and deleted', () => {
  const log = messageLogAt(path);
  log.put(message('kept'));
  for (let sent = 0; sent < 3_000; sent += 1) {
    log.put(message(String(sent)));
    log.remove([String(sent)]);
  }
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(2_100);
  expect(ids()).toEqual(['kept']);
});
