import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { anyOf, didYouMean, sentences, shortened } from './message.ts';
import type { Finding, Path } from './place.ts';
import { repeated } from './repeated.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What databases, and what is asked of them, cannot be together with. */
export const CONTRADICTIONS_OF_DATABASES: readonly Rule[] = [
  plainCredentials,
  withoutTls,
  differentReplicas,
  knownDatabases,
  knownDatabasesOfCensus,
  lagWithinTheTimeout,
  differentAssertions,
];

function plainCredentials({ databases = {}, environment }: Draft): Finding[] {
  if (environment === undefined || environment === 'sandbox') return [];
  const plain = Object.entries(databases).filter(
    ([, database]) => database?.credentials && 'plain' in database.credentials,
  );
  const message = `is allowed in the environment sandbox only, because plans are kept with their drills; received it for ${environment}. Use secretsManager or iam.`;
  return plain.map(([name]) => ({ path: ['databases', name, 'credentials', 'plain'], message }));
}

function withoutTls({ databases = {}, environment }: Draft): Finding[] {
  if (environment === undefined || environment === 'sandbox' || environment === 'test') return [];
  const open = Object.entries(databases).filter(([, database]) => database?.tls === 'off');
  const message = `must be require in the environment ${environment}; off is allowed in sandbox and test.`;
  return open.map(([name]) => ({ path: ['databases', name, 'tls'], message }));
}

function differentReplicas({ databases = {} }: Draft): Finding[] {
  return Object.entries(databases).flatMap(([name, database]) => {
    const names = ['primary', ...(database?.replicas ?? []).map((replica) => replica?.name)];
    return repeated(names).map((index) => ({
      path: ['databases', name, 'replicas', index - 1, 'name'],
      message: `must differ from the names of the other servers (the first is called primary); received "${names[index]}" again.`,
    }));
  });
}

function knownDatabases({ databases, validations = [] }: Draft): Finding[] {
  if (databases === undefined) return [];
  const names = Object.keys(databases);
  return validations.flatMap((validation, index) => {
    if (validation?.kind !== 'replica-schema' && validation?.kind !== 'data-consistency') return [];
    const { database } = validation;
    if (database === undefined || Object.hasOwn(databases, database)) return [];
    return [{ path: ['validations', index, 'database'], message: notThere(database, names) }];
  });
}

function knownDatabasesOfCensus({ databases, sideEffects = [] }: Draft): Finding[] {
  if (databases === undefined) return [];
  const names = Object.keys(databases);
  return sideEffects.flatMap((effect, index) => {
    const count = effect?.count;
    const database = count && 'sql' in count ? count.sql?.database : undefined;
    if (database === undefined || names.includes(database)) return [];
    const path = ['sideEffects', index, 'count', 'sql', 'database'];
    return [{ path, message: notThere(database, names) }];
  });
}

function lagWithinTheTimeout({ validations = [] }: Draft): Finding[] {
  return validations.flatMap((validation, index) => {
    if (validation?.kind !== 'replica-schema') return [];
    const { maximumLag, timeout } = validation;
    if (maximumLag === undefined || timeout === undefined || maximumLag < timeout) return [];
    const message = `must be shorter than the timeout of the validation (${formatDuration(timeout)}), or a lag over it is never seen; received ${formatDuration(maximumLag)}.`;
    return [{ path: ['validations', index, 'maximumLag'], message }];
  });
}

function differentAssertions({ validations = [] }: Draft): Finding[] {
  return validations.flatMap((validation, index) => {
    if (validation?.kind !== 'data-consistency') return [];
    const path: Path = ['validations', index, 'assertions'];
    const names = (validation.assertions ?? []).map((assertion) => assertion?.name);
    return repeated(names).map((position) => ({
      path: [...path, position, 'name'],
      message: `must differ from the names of the other assertions; received "${names[position]}" again.`,
    }));
  });
}

function notThere(name: string, names: readonly string[]): string {
  const received = `received "${shortened(name)}"`;
  if (names.length === 0)
    return `must be one of databases, of which the plan has none; ${received}. Add it there.`;
  return sentences(`must be one of databases (${anyOf(names)}); ${received}.`, didYouMean(name, names));
}
