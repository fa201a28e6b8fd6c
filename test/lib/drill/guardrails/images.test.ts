import { expect, test } from 'vitest';
import {
  knownBadPullable,
  lastHealthyPullable,
  mutableTags,
} from '../../../../lib/drill/guardrails/images.ts';

const shop = { image: 'registry/shop:v4', digest: 'sha256:beef' };
const there = { kind: 'there', digest: 'sha256:beef' } as const;
const missing = { kind: 'missing', reason: 'repository shop has no image sha256:beef' } as const;
const elsewhere = { kind: 'not-asked', registry: 'ghcr.io' } as const;

test('an image that is gone from its registry refuses: the way back would end there', () => {
  expect(lastHealthyPullable([{ ...shop, found: missing }], [])).toEqual({
    name: 'last-healthy-image',
    verdict: 'refused',
    reason:
      'registry/shop:v4 (sha256:beef) cannot be pulled: repository shop has no image sha256:beef; it must be in its registry',
  });
});

test('one missing image among several refuses, and it alone is told', () => {
  const check = lastHealthyPullable(
    [
      { ...shop, found: there },
      { image: 'registry/proxy:1', digest: null, found: missing },
    ],
    [],
  );
  expect(check.verdict).toBe('refused');
  expect(check.reason).not.toContain('shop:v4');
});

test('a registry that cannot be asked refuses, unless the plan answers for it', () => {
  const image = [{ ...shop, found: elsewhere }];
  expect(knownBadPullable(image, ['docker.io'])).toMatchObject({
    name: 'known-bad-image',
    verdict: 'refused',
    reason: expect.stringContaining('guardrails.trustedRegistries'),
  });
  expect(knownBadPullable(image, ['ghcr.io'])).toMatchObject({
    verdict: 'passed',
    reason: 'registry/shop:v4 (sha256:beef): ghcr.io cannot be asked; the plan answers for it',
  });
});

test('a trusted registry does not excuse an image that is known to be missing', () =>
  expect(lastHealthyPullable([{ ...shop, found: missing }], ['registry']).verdict).toBe('refused'));

test('a release without any image proves nothing', () =>
  expect(knownBadPullable([], []).verdict).toBe('refused'));

test('an image that only the pipeline names is not said to be in its registry', () =>
  expect(knownBadPullable(null, [])).toEqual({
    name: 'known-bad-image',
    verdict: 'passed',
    reason: 'the pipeline names it when it deploys the known-bad release; not looked up',
  }));

test('images that are all there pass', () =>
  expect(lastHealthyPullable([{ ...shop, found: there }], [])).toMatchObject({
    verdict: 'passed',
    reason: 'registry/shop:v4 (sha256:beef) is in its registry',
  }));

test('an image that is named by its digest is no gap', () => {
  expect(mutableTags([{ ...shop, image: 'registry:5000/shop@sha256:beef' }])).toBeNull();
  expect(mutableTags([{ ...shop, image: 'registry/shop:v4@sha256:beef' }])).toBeNull();
});

test('an image that is named by a tag, or by nothing, is a notice before the tag has moved', () =>
  expect(mutableTags([shop, { image: 'registry:5000/proxy', digest: 'sha256:cafe' }])).toEqual({
    code: 'mutable-image-tag',
    severity: 'notice',
    message: 'the last healthy release names images by tags, and a tag can be moved',
    evidence:
      'registry/shop:v4, by digest registry/shop@sha256:beef; registry:5000/proxy, by digest registry:5000/proxy@sha256:cafe',
  }));

test('the remedy is told also where the digest is not known', () =>
  expect(mutableTags([{ ...shop, digest: null }])?.evidence).toBe(
    'registry/shop:v4, by digest it cannot be moved',
  ));
