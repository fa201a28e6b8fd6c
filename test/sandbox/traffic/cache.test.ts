import { expect, test } from 'vitest';
import { cacheableSeconds, edgeCache, matcher } from '../../../sandbox/traffic/cache.ts';
import type { Answer } from '../../../sandbox/traffic/exchange.ts';

test.each([
  [500, { 'cache-control': 'public, s-maxage=30' }],
  [404, { 'cache-control': 'max-age=30' }],
  [302, { 'cache-control': 'max-age=30' }],
  [206, { 'cache-control': 'max-age=30' }],
  [200, { 'cache-control': 'no-store, max-age=30' }],
  [200, { 'cache-control': 'Private, max-age=30' }],
  [200, { 'cache-control': 'no-cache' }],
  [200, { 'cache-control': 's-maxage=0, max-age=30' }],
  [200, { 'cache-control': 'max-age=30', 'set-cookie': ['id=1'] }],
  [200, { 'cache-control': 'max-age=30', vary: 'cookie' }],
  [200, {}],
])('does not keep a %i with the headers %j', (status, headers) => {
  expect(cacheableSeconds({ status, headers, body: Buffer.alloc(0) })).toBe(0);
});

test('prefers s-maxage, which is meant for shared caches, to max-age', () => {
  expect(cacheableSeconds(answer({ 'cache-control': 'max-age=5, s-maxage=30' }))).toBe(30);
  expect(cacheableSeconds(answer({ 'cache-control': 'max-age=5' }))).toBe(5);
});

test('gives nothing out that is too old, and counts the age that an answer arrived with', () => {
  let nowMs = 0;
  const cache = edgeCache(() => nowMs);
  cache.store('/fresh', answer({}), 10);
  cache.store('/aged', answer({ age: '6' }), 10);
  nowMs = 3_999;
  expect(cache.find('/fresh')?.headers.age).toBe('3');
  expect(cache.find('/aged')?.headers.age).toBe('9');
  nowMs = 4_000;
  expect(cache.find('/aged')).toBeUndefined();
  nowMs = 10_000;
  expect(cache.find('/fresh')).toBeUndefined();
});

test('forgets the oldest of more than a thousand entries', () => {
  const cache = edgeCache();
  for (let i = 0; i <= 1_000; i += 1) cache.store(`/${i}`, answer({}), 60);
  expect(cache.find('/0')).toBeUndefined();
  expect(cache.find('/1')).toBeDefined();
});

test('a purge removes what matches and nothing else, and counts it', () => {
  const cache = edgeCache();
  for (const path of ['/a', '/a/1?x=1', '/ab', '/b', '/b/a']) cache.store(path, answer({}), 60);
  expect(cache.purge([])).toBe(0);
  expect(cache.purge(['/a*', '/a/*'])).toBe(3);
  expect(cache.find('/b')).toBeDefined();
  expect(cache.purge(['/b'])).toBe(1);
  expect(cache.find('/b/a')).toBeDefined();
  expect(cache.purge(['/*'])).toBe(1);
});

test.each([
  ['/a.c', '/abc'],
  ['/a', '/a/'],
  ['/a', '/xa'],
  ['/*.png', '/a.jpg'],
  ['/(a|b)', '/a'],
])('the pattern %s does not match %s', (pattern, path) => {
  expect(matcher([pattern])(path)).toBe(false);
});

function answer(headers: Answer['headers']): Answer {
  return { status: 200, headers, body: Buffer.from('text') };
}
