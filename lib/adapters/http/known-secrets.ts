import type { SecretReference } from '../../drill/plan/secret.ts';
import type { Judgement } from '../../drill/validation.ts';
import { masked } from '../../drill/validations/masked.ts';
import type { Secrets } from '../../ports/validations.ts';

interface Wanting {
  readonly secrets: Readonly<Record<string, SecretReference>>;
}

/** By `secret:NAME`, as requests use them. */
export type KnownSecrets = ReadonlyMap<string, string>;

export type Knowing =
  | { readonly kind: 'known'; readonly values: KnownSecrets }
  | { readonly kind: 'missing'; readonly reason: string };

/** Reads the secrets of a validation, and keeps them out of what it judges. Without one of them the verdict is unknown. */
export async function judgedWithSecrets(
  secrets: Secrets,
  validation: Wanting,
  signal: AbortSignal,
  judge: (known: KnownSecrets) => Promise<Judgement>,
): Promise<Judgement> {
  const knowing = await knownSecrets(secrets, validation, signal);
  if (knowing.kind === 'missing') return { verdict: 'unknown', reason: knowing.reason, evidence: [] };
  return masked(await judge(knowing.values), knowing.values.values());
}

export async function knownSecrets(
  secrets: Secrets,
  validation: Wanting,
  signal: AbortSignal,
): Promise<Knowing> {
  const values = new Map<string, string>();
  for (const [name, reference] of Object.entries(validation.secrets)) {
    const found = await secrets(reference, signal);
    if (found.kind === 'missing') return { kind: 'missing', reason: `{{secret:${name}}}: ${found.reason}` };
    values.set(`secret:${name}`, found.value.toWellFormed());
  }
  return { kind: 'known', values };
}
