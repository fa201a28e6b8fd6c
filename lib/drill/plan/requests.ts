import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { anyOf, didYouMean, sentences, shortened } from './message.ts';
import type { Finding, Path } from './place.ts';
import { placeholdersIn } from './placeholder.ts';
import { repeated } from './repeated.ts';

type Smoke = NonNullable<Draft['smoke']>;
type Validation = NonNullable<NonNullable<Draft['validations']>[number]>;
type Transaction = Extract<Validation, { kind?: 'synthetic-transaction' | undefined }>;
type Step = NonNullable<NonNullable<Transaction['steps']>[number]>;

export function contradictionsOfSmoke({ smoke }: Draft): Finding[] {
  if (!smoke) return [];
  const path: Path = ['smoke'];
  const releaseInBody = smoke.method === 'HEAD' && smoke.release !== undefined && 'json' in smoke.release;
  return [
    ...unsendableBody(smoke, path),
    ...unansweredBody(smoke, path),
    ...(releaseInBody
      ? [noBody([...path, 'release', 'json'], 'Read the release from a header, or use GET.')]
      : []),
  ];
}

export function contradictionsOfSteps({ validations = [] }: Draft): Finding[] {
  return validations.flatMap((validation, index) => {
    const path: Path = ['validations', index];
    return validation?.kind === 'synthetic-transaction'
      ? [...withinOneValidation(validation, path), ...unknownPlaceholders(validation, path)]
      : [];
  });
}

function withinOneValidation({ steps = [], timeout }: Transaction, path: Path): Finding[] {
  const names = steps.map((step) => step?.name);
  const again = repeated(names).map((index) => ({
    path: [...path, 'steps', index, 'name'],
    message: `must differ from the names of the other steps; received "${names[index]}" again.`,
  }));
  return [
    ...again,
    ...steps.flatMap((step, index) => (step ? ofStep(step, [...path, 'steps', index], timeout) : [])),
  ];
}

function ofStep(step: Step, path: Path, timeout: number | undefined): Finding[] {
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

function unsendableBody({ method, body }: Smoke | Step, path: Path): Finding[] {
  if (body === undefined || (method !== 'GET' && method !== 'HEAD')) return [];
  return [
    { path: [...path, 'body'], message: `cannot be sent with ${method}. Remove it, or use POST or PUT.` },
  ];
}

function unansweredBody({ method, expect }: Smoke | Step, path: Path): Finding[] {
  if (method !== 'HEAD' || !expect) return [];
  return (['bodyContains', 'json'] as const)
    .filter((key) => key in expect)
    .map((key) => noBody([...path, 'expect', key], 'Remove it, or use GET.'));
}

function noBody(path: Path, remedy: string): Finding {
  return { path, message: `looks into the body, but the answer to HEAD has none. ${remedy}` };
}

/** As soon as the captures of one step are not known, nothing can be said about the steps after it. */
function unknownPlaceholders({ steps = [] }: Transaction, path: Path): Finding[] {
  const captured = new Set<string>();
  const findings: Finding[] = [];
  for (const [index, step] of steps.entries()) {
    if (!step) return findings;
    for (const { at, text } of textsOf(step)) {
      const unknown = new Set(placeholdersIn(text).filter((name) => !captured.has(name)));
      for (const name of unknown)
        findings.push({ path: [...path, 'steps', index, ...at], message: notCaptured(name, [...captured]) });
    }
    if (!step.capture) return findings;
    for (const name of Object.keys(step.capture)) captured.add(name);
  }
  return findings;
}

function textsOf({ url, headers = {}, body }: Step): { at: Path; text: string }[] {
  return [
    { at: ['url'], text: url ?? '' },
    ...Object.entries(headers).map(([name, value]) => ({ at: ['headers', name], text: value ?? '' })),
    { at: ['body'], text: body?.text ?? '' },
  ];
}

function notCaptured(name: string, captured: readonly string[]): string {
  const known =
    captured.length > 0 ? `Earlier steps capture ${anyOf(captured)}.` : 'No earlier step captures anything.';
  return sentences(
    `uses {{${shortened(name)}}}, which no earlier step captures.`,
    known,
    didYouMean(name.trim(), captured),
  );
}
