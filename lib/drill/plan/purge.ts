import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import type { Finding, Path } from './place.ts';
import { unknownPlaceholders } from './placeholders-used.ts';
import { repeated } from './repeated.ts';

type Validation = NonNullable<NonNullable<Draft['validations']>[number]>;
type CachePurge = Extract<Validation, { kind?: 'cache-purge' | undefined }>;

/** What a purge and what is watched cannot be together with. */
export function contradictionsOfPurge(purge: CachePurge, path: Path): Finding[] {
  return [...differentNames(purge, path), ...timeToProve(purge, path), ...placeholders(purge, path)];
}

function differentNames({ watch = [] }: CachePurge, path: Path): Finding[] {
  const names = watch.map((watched) => watched?.name);
  return repeated(names).map((index) => ({
    path: [...path, 'watch', index, 'name'],
    message: `must differ from the names of the other paths; received "${names[index]}" again.`,
  }));
}

function timeToProve({ provenWithin, timeout, greens, interval }: CachePurge, path: Path): Finding[] {
  if (provenWithin === undefined) return [];
  const at = [...path, 'provenWithin'];
  const received = `received ${formatDuration(provenWithin)}`;
  const leastMs = greens === undefined || interval === undefined ? 0 : greens * interval;
  if (provenWithin < leastMs)
    return [
      {
        path: at,
        message: `must be at least ${formatDuration(leastMs)} (${greens} greens × ${formatDuration(interval ?? 0)}); ${received}.`,
      },
    ];
  if (timeout === undefined || provenWithin < timeout) return [];
  const message = `must be shorter than the timeout of the validation (${formatDuration(timeout)}), in which the cache is purged as well; ${received}.`;
  return [{ path: at, message }];
}

function placeholders({ cache, watch = [], secrets = {} }: CachePurge, path: Path): Finding[] {
  const nameable = { captured: [], secrets: Object.keys(secrets) };
  const watched = watch.flatMap((one, index) =>
    one ? unknownPlaceholders(one, [...path, 'watch', index], nameable) : [],
  );
  if (!cache || !('http' in cache) || !cache.http) return watched;
  const { urls = [], headers, body } = cache.http;
  const at: Path = [...path, 'cache', 'http'];
  return [
    ...unknownPlaceholders({ headers, body }, at, nameable),
    ...urls.flatMap((url, index) =>
      unknownPlaceholders({ url }, at, nameable).map(({ message }) => ({
        path: [...at, 'urls', index],
        message,
      })),
    ),
    ...watched,
  ];
}
