import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import type { Finding, Path } from './place.ts';

type Smoke = NonNullable<Draft['smoke']>;

/** A request of a validation, as far as it is known. */
export interface RequestDraft {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: { readonly text?: string | undefined } | undefined;
  readonly form?: Readonly<Record<string, string | undefined>> | undefined;
  readonly expect?: { readonly within?: number | undefined } | undefined;
  readonly capture?: Readonly<Record<string, object | undefined>> | undefined;
}

export function contradictionsOfSmoke({ smoke }: Draft): Finding[] {
  if (!smoke) return [];
  const path: Path = ['smoke'];
  const identities = [
    ['release', smoke.release],
    ['instance', smoke.instance],
  ] as const;
  const inBody = smoke.method === 'HEAD' ? identities.filter(([, source]) => source && 'json' in source) : [];
  return [
    ...unsendableBody(smoke, path),
    ...unansweredBody(smoke, path),
    ...inBody.map(([what]) => noBody([...path, what, 'json'], `Read the ${what} from a header, or use GET.`)),
  ];
}

/** What a request cannot be together with; `timeout` is that of its validation. */
export function contradictionsOfRequest(
  step: RequestDraft,
  path: Path,
  timeout: number | undefined,
): Finding[] {
  const slow = step.expect?.within;
  const tooSlow = slow !== undefined && timeout !== undefined && slow > timeout;
  const captures = Object.entries(step.capture ?? {});
  const inBody = step.method === 'HEAD' ? captures.filter(([, source]) => source && 'json' in source) : [];
  return [
    ...unsendableBody(step, path),
    ...unansweredBody(step, path),
    ...inBody.map(([name]) =>
      noBody([...path, 'capture', name], 'Capture a header or a cookie, or use GET.'),
    ),
    ...(tooSlow
      ? [
          {
            path: [...path, 'expect', 'within'],
            message: `must be at most the timeout of the validation (${formatDuration(timeout)}); received ${formatDuration(slow)}.`,
          },
        ]
      : []),
  ];
}

function unsendableBody(request: Smoke | RequestDraft, path: Path): Finding[] {
  const { method } = request;
  const key = 'form' in request && request.form !== undefined ? 'form' : 'body';
  if (key === 'form' && request.body !== undefined)
    return [{ path: [...path, 'form'], message: 'cannot be sent together with a body. Keep one of them.' }];
  const isSent = key === 'form' || request.body !== undefined;
  if (!isSent || (method !== 'GET' && method !== 'HEAD')) return [];
  return [{ path: [...path, key], message: `cannot be sent with ${method}. Remove it, or use POST or PUT.` }];
}

function unansweredBody({ method, expect }: Smoke | RequestDraft, path: Path): Finding[] {
  if (method !== 'HEAD' || !expect) return [];
  return (['bodyContains', 'json'] as const)
    .filter((key) => key in expect)
    .map((key) => noBody([...path, 'expect', key], 'Remove it, or use GET.'));
}

function noBody(path: Path, remedy: string): Finding {
  return { path, message: `looks into the body, but the answer to HEAD has none. ${remedy}` };
}
