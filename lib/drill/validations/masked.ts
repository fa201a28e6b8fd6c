import type { Judgement } from '../validation.ts';

/** The judgement without any of the secrets, as they are and as they stand in URLs, forms and JSON. */
export function masked(judgement: Judgement, secrets: Iterable<string>): Judgement {
  const hide = hiding(secrets);
  const { verdict, reason, evidence, gaps } = judgement;
  const shown = { verdict, reason: hide(reason), evidence: evidence.map(hide) };
  if (gaps === undefined) return shown;
  return {
    ...shown,
    gaps: gaps.map((gap) => ({ ...gap, message: hide(gap.message), evidence: hide(gap.evidence) })),
  };
}

/** Puts `***` in place of every secret. */
export function hiding(secrets: Iterable<string>): (text: string) => string {
  const forms = [...secrets].flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  return (text) => forms.reduce((left, form) => left.replaceAll(form, '***'), text);
}

function formsOf(secret: string): readonly string[] {
  const text = secret.toWellFormed();
  const forms = [
    text,
    text.toLowerCase(),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64'),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}
