import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { alreadyExists, INVALID_PARAMETER, invalidParameter, invalidRequest } from './errors.ts';
import { newArn, type Secret, type Secrets } from './secrets.ts';
import { token, valueEntries, valueFrom } from './value-operations.ts';
import { isSame, withVersion } from './versions.ts';

const createInput = members({
  Name: v.pipe(text, v.regex(/^[\w/+=.@-]{1,512}$/, 'may have letters, digits and /_+=.@- only')),
  Description: v.optional(v.pipe(v.string('must be a string'), v.maxLength(2_048, 'is too long'))),
  ClientRequestToken: token,
  ...valueEntries,
});
const secretInput = members({ SecretId: text });
const deleteInput = members({
  SecretId: text,
  RecoveryWindowInDays: v.optional(integer(7, 30), 30),
  ForceDeleteWithoutRecovery: v.optional(flag, false),
});
const listInput = members({
  IncludePlannedDeletion: v.optional(flag, false),
  MaxResults: v.optional(integer(1, 100), 100),
  NextToken: v.optional(text),
  Filters: v.optional(listOf(members({ Key: oneOf(['name']), Values: listOf(text, 10, 1) }), 10), []),
  SortOrder: v.optional(oneOf(['asc'])),
  SortBy: v.optional(oneOf(['name'])),
});

const DAY_MS = 24 * 3_600_000;

/** Secrets as such; nothing here tells a value. */
export function secretOperations(secrets: Secrets, now: () => number): Readonly<Record<string, Operation>> {
  return {
    CreateSecret: (input) => create(secrets, now(), input),
    DescribeSecret: (input) => {
      const secret = secrets.get(read(secretInput, input, INVALID_PARAMETER).SecretId);
      return { ...describe(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecrets: (input) => list(secrets, input),
    DeleteSecret: (input) => {
      const { SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery } = read(
        deleteInput,
        input,
        INVALID_PARAMETER,
      );
      if (ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined)
        throw invalidParameter(
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      if (ForceDeleteWithoutRecovery) return deleteAtOnce(SecretId);
      const secret = secrets.getUsable(SecretId);
      const deletion = { markedMs: now(), atMs: now() + RecoveryWindowInDays * DAY_MS };
      secrets.put({ ...secret, deletion });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: deletion.atMs / 1000 };
    },
    RestoreSecret: (input) => {
      const secret = secrets.get(read(secretInput, input, INVALID_PARAMETER).SecretId);
      secrets.put({ ...secret, deletion: undefined });
      return { ARN: secret.arn, Name: secret.name };
    },
  };

  /** No error for a secret that is not there, as on AWS. */
  function deleteAtOnce(id: string): object {
    const secret = secrets.find(id);
    if (secret) secrets.remove(secret);
    return { ARN: secret?.arn, Name: secret?.name ?? id, DeletionDate: now() / 1000 };
  }
}

function create(secrets: Secrets, createdMs: number, input: JsonObject): object {
  const { Name, Description, ClientRequestToken, ...given } = read(createInput, input, INVALID_PARAMETER);
  const value = valueFrom(given);
  const id = ClientRequestToken ?? crypto.randomUUID();
  const existing = secrets.all().find(({ name }) => name === Name);
  if (existing?.deletion)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const same = existing?.versions.find((version) => version.id === id);
  if (existing && !(same && value && isSame(same.value, value)))
    throw alreadyExists(`The operation failed because the secret ${Name} already exists.`);
  if (existing) return { ARN: existing.arn, Name, VersionId: id };
  const versions = value ? withVersion([], { id, value, createdMs }, []) : [];
  const arn = newArn(Name);
  secrets.put({ name: Name, arn, description: Description, createdMs, changedMs: createdMs, versions });
  return { ARN: arn, Name, ...(value && { VersionId: id }) };
}

function list(secrets: Secrets, input: JsonObject): object {
  const asked = read(listInput, input, INVALID_PARAMETER);
  const found = secrets
    .all()
    .filter(({ deletion }) => asked.IncludePlannedDeletion || deletion === undefined)
    .filter(({ name }) => asked.Filters.every(({ Values }) => Values.some((each) => isLike(name, each))));
  const start = asked.NextToken === undefined ? 0 : startAt(asked.NextToken, found);
  const page = found.slice(start, start + asked.MaxResults);
  const isLast = start + page.length === found.length;
  return {
    SecretList: page.map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) })),
    ...(!isLast && { NextToken: page.at(-1)?.arn }),
  };
}

function describe({
  name,
  arn,
  description,
  createdMs,
  changedMs,
  accessedMs,
  deletion,
}: Secret): JsonObject {
  return {
    ARN: arn,
    Name: name,
    Description: description,
    CreatedDate: createdMs / 1000,
    LastChangedDate: changedMs / 1000,
    ...(accessedMs !== undefined && { LastAccessedDate: accessedMs / 1000 }),
    ...(deletion && { DeletedDate: deletion.markedMs / 1000 }),
  };
}

/** Versions without a stage are not told of. */
function stagesOf({ versions }: Secret): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]),
  );
}

/** A name begins with the value of the filter; after `!` it does not. */
function isLike(name: string, filter: string): boolean {
  return filter.startsWith('!') ? !name.startsWith(filter.slice(1)) : name.startsWith(filter);
}

function startAt(nextToken: string, secrets: readonly Secret[]): number {
  const last = secrets.findIndex(({ arn }) => arn === nextToken);
  if (last < 0) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  return last + 1;
}
