import { anyOf, didYouMean, sentences, shortened } from './message.ts';
import type { Finding, Path } from './place.ts';
import { placeholdersIn } from './placeholder.ts';
import type { RequestDraft } from './requests.ts';

/** What the placeholders of a request may name. */
export interface Nameable {
  readonly captured: readonly string[];
  /** Without `secret:`. */
  readonly secrets: readonly string[];
}

const SECRET = /^secret:/;

/** Placeholders of a request that name nothing, or that would show a secret. */
export function unknownPlaceholders(request: RequestDraft, path: Path, nameable: Nameable): Finding[] {
  return textsOf(request).flatMap(({ at, text }) =>
    [...new Set(placeholdersIn(text))].flatMap((name) => {
      const message = SECRET.test(name)
        ? wrongSecret(name, at, nameable.secrets)
        : notCaptured(name, nameable.captured);
      return message === undefined ? [] : [{ path: [...path, ...at], message }];
    }),
  );
}

/** The names that a request uses. */
export function namesUsedBy(request: RequestDraft): readonly string[] {
  return textsOf(request).flatMap(({ text }) => placeholdersIn(text));
}

function textsOf({ url, headers = {}, body, form = {} }: RequestDraft): { at: Path; text: string }[] {
  return [
    { at: ['url'], text: url ?? '' },
    ...Object.entries(headers).map(([name, value]) => ({ at: ['headers', name], text: value ?? '' })),
    { at: ['body'], text: body?.text ?? '' },
    ...Object.entries(form).map(([name, value]) => ({ at: ['form', name], text: value ?? '' })),
  ];
}

function wrongSecret(placeholder: string, at: Path, secrets: readonly string[]): string | undefined {
  const name = placeholder.replace(SECRET, '');
  if (at[0] === 'url')
    return `must not have {{${shortened(placeholder)}}}: URLs are written to access logs. Send it in a header or in the body.`;
  if (secrets.includes(name)) return undefined;
  const known = secrets.length > 0 ? `Known are ${anyOf(secrets)}.` : 'There are none.';
  return sentences(
    `uses {{${shortened(placeholder)}}}, which is not among the secrets of the validation.`,
    known,
    didYouMean(name, secrets),
  );
}

function notCaptured(name: string, captured: readonly string[]): string | undefined {
  if (captured.includes(name)) return undefined;
  const known =
    captured.length > 0 ? `Earlier steps capture ${anyOf(captured)}.` : 'No earlier step captures anything.';
  return sentences(
    `uses {{${shortened(name)}}}, which no earlier step captures.`,
    known,
    didYouMean(name.trim(), captured),
  );
}
