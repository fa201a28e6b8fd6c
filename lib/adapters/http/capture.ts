import type { Step } from '../../drill/plan/plan.ts';
import { cookieNamed } from './cookie-jar.ts';
import { kindOf, parsedJson, valueAt } from './json-path.ts';
import type { Answer } from './request.ts';

type Source = Step['capture'][string];

export type Capturing =
  | { readonly kind: 'captured'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'missing'; readonly reason: string };

const LONGEST_VALUE = 8192;

/** The values that a step takes out of its answer. The reason names the place of a missing one, never a value. */
export function captureFrom(answer: Answer, capture: Step['capture']): Capturing {
  const document = parsedJson(answer.body);
  const values = new Map<string, string>();
  for (const [name, source] of Object.entries(capture)) {
    const found = foundBy(source, answer, document);
    const problem = problemOf(found);
    if (problem) return { kind: 'missing', reason: `{{${name}}}: ${placeOf(source)} ${problem}` };
    values.set(name, String(found).toWellFormed());
  }
  return { kind: 'captured', values };
}

export function setCookiesOf({ headers }: Pick<Answer, 'headers'>): readonly string[] {
  return headers['set-cookie'] ?? [];
}

function foundBy(source: Source, answer: Answer, document: unknown): unknown {
  if ('json' in source) return valueAt(document, source.json);
  if ('cookie' in source) return cookieNamed(source.cookie, setCookiesOf(answer), answer.at);
  const value = answer.headers[source.header.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

function problemOf(found: unknown): string | undefined {
  if (found === undefined) return 'is not in the answer';
  if (found === '') return 'is empty';
  if (!['string', 'number', 'boolean'].includes(typeof found)) {
    return `is ${kindOf(found)}, allowed text, number or boolean`;
  }
  const { length } = String(found);
  return length > LONGEST_VALUE ? `has ${length} characters, allowed ${LONGEST_VALUE}` : undefined;
}

function placeOf(source: Source): string {
  if ('json' in source) return source.json;
  return 'cookie' in source ? `cookie ${source.cookie}` : `header ${source.header}`;
}
