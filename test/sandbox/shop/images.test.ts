import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { shopImages } from '../../../sandbox/shop/images.ts';

const images = shopImages();
const RELEASES = readdirSync(new URL('../../../sandbox/shop/releases', import.meta.url)).map((file) =>
  basename(file, '.ts'),
);

test.each([
  'shop:latest',
  'shop:unknown',
  'shop',
  'shop:',
  'shop@',
  'shop@sha256:0',
  'workshop:healthy',
  'other/img:healthy',
  '',
])('knows no image %j', (name) => {
  expect(images.resolve(name)).toBeUndefined();
});

test('no two releases share a digest', () => {
  const digests = RELEASES.map((release) => images.resolve(`shop:${release}`)?.digest);
  expect(new Set(digests).size).toBe(RELEASES.length);
  for (const digest of digests) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('a release is the same image under every name, by tag and by digest, and in every registry', () => {
  const image = images.resolve('shop:healthy');
  expect(image?.environment).toMatchObject({ RELEASE: 'healthy' });
  expect(images.resolve('000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy')).toEqual(image);
  expect(images.resolve(`registry.example/team/shop@${image?.digest}`)).toEqual(image);
  expect(shopImages().resolve('shop:healthy')).toEqual(image);
});
