import * as v from 'valibot';
import { contentOf } from '../content.ts';
import { closed, exactlyOneOf, listOf, section, text, whole } from '../fields.ts';
import { headerName, jsonPath, request, statuses } from '../http.ts';
import { duration, name } from '../words.ts';
import { common } from './every-kind.ts';
import { secrets, secretsOf } from './request.ts';

const PURGE_METHODS = ['PURGE', 'BAN', 'POST', 'DELETE'] as const;

const { url, headers, body, method } = request(PURGE_METHODS);

const cloudFront = v.pipe(
  section({
    distribution: v.pipe(distributionId(), v.description('the id of the distribution, like E2EXAMPLE1DIST')),
    paths: v.optional(
      v.pipe(
        listOf(invalidationPath(), { least: 1, most: 100, what: 'paths' }),
        v.description("the paths to invalidate; everything, '/*', when left out"),
      ),
      ['/*'],
    ),
  }),
  v.description('a distribution of CloudFront, which is told to invalidate'),
);

const httpCache = v.pipe(
  section({
    method,
    urls: v.pipe(
      listOf(url, { least: 1, most: 50, what: 'URLs' }),
      v.description('where the request goes; one request for each'),
    ),
    headers,
    body,
    status: v.optional(
      v.pipe(statuses(), v.description('the statuses with which the cache accepts')),
      [200, 201, 202, 204],
    ),
  }),
  v.description('a cache that is told by HTTP, as Varnish, Fastly or Cloudflare are'),
);

const watched = section({
  name: v.pipe(name(), v.description('the name of the path, unique in its validation')),
  url,
  headers,
  status: v.optional(v.pipe(statuses(), v.description('the allowed statuses')), 200),
  release: v.pipe(
    exactlyOneOf({ header: headerName(), json: jsonPath() }),
    v.description('where the answer tells which release made it: {header: x-release} or {json: $.release}'),
  ),
});

/** A cache that is purged, and proven to serve the last healthy release. */
export function cachePurge() {
  return closed({
    ...common('cache-purge', '2m'),
    ...secrets(),
    cache: v.pipe(
      exactlyOneOf({ cloudFront, http: httpCache }),
      v.description('the cache: {cloudFront: {distribution, paths}} or {http: {urls, method, headers}}'),
    ),
    watch: v.pipe(
      listOf(watched, { least: 1, most: 20, what: 'watched paths' }),
      v.description('cached URLs as users see them, each of which must serve the last healthy release'),
    ),
    greens: v.optional(
      v.pipe(
        whole(1, 100),
        v.description('how many answers running of the last healthy release prove a path'),
      ),
      3,
    ),
    interval: v.optional(
      v.pipe(duration('100ms', '30s'), v.description('the time from one look at a path to the next')),
      '500ms',
    ),
    provenWithin: v.optional(
      v.pipe(duration('1s', '4m'), v.description('how long after the purge a path may serve something else')),
      '60s',
    ),
  });
}

type Written = v.InferOutput<ReturnType<typeof cachePurge>>;

/** Gives it the names that the code uses. */
export function cachePurgeOf(written: Written) {
  const { timeout: timeoutMs, interval: intervalMs, provenWithin: provenWithinMs, cache, ...rest } = written;
  return {
    ...rest,
    timeoutMs,
    intervalMs,
    provenWithinMs,
    secrets: secretsOf(rest.secrets),
    cache: cacheOf(cache),
    watch: rest.watch.map(({ headers, ...watch }) => ({ ...watch, ...contentOf(headers, undefined) })),
  };
}

function cacheOf(cache: Written['cache']) {
  if ('cloudFront' in cache) return { kind: 'cloud-front' as const, ...cache.cloudFront };
  const { headers, body, ...http } = cache.http;
  return { kind: 'http' as const, ...http, ...contentOf(headers, body) };
}

function distributionId() {
  return text(/^[A-Z0-9]{8,32}$/, 'the id of a distribution, like E2EXAMPLE1DIST');
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html */
function invalidationPath() {
  return text(/^\/[^*\s]{0,1999}\*?$/, 'a path that begins with / and has * only at its end, like /images/*');
}
