import * as v from 'valibot';
import { listOf, members, read, text } from '../aws/input.ts';
import type { Operation } from '../aws/protocol.ts';
import { INVALID_PARAMETER, invalidParameter, invalidRequest, notFound } from './errors.ts';
import type { Secret, Secrets } from './secrets.ts';
import { CURRENT, type SecretValue, type Version, withStage, withVersion } from './versions.ts';

const TOKEN_LENGTH = 'must have 32 to 64 characters';

/** A token is the id of the version that a call makes; SDK clients make one up. */
export const token = v.optional(v.pipe(text, v.minLength(32, TOKEN_LENGTH), v.maxLength(64, TOKEN_LENGTH)));
export const valueEntries = {
  SecretString: v.optional(text),
  SecretBinary: v.optional(v.pipe(v.string('must be bytes'), v.base64('must be base64'))),
};

const stageName = v.pipe(text, v.maxLength(256, 'must have at most 256 characters'));
const putInput = members({
  SecretId: text,
  ClientRequestToken: token,
  ...valueEntries,
  VersionStages: v.optional(listOf(stageName, 20, 1), [CURRENT]),
});
const getInput = members({
  SecretId: text,
  VersionId: v.optional(text),
  VersionStage: v.optional(stageName),
});
const stageInput = members({
  SecretId: text,
  VersionStage: stageName,
  RemoveFromVersionId: v.optional(text),
  MoveToVersionId: v.optional(text),
});

const DAY_MS = 24 * 3_600_000;
const MOST_BYTES = 65_536;

/** What a secret holds, and which version counts as which. */
export function valueOperations(secrets: Secrets, now: () => number): Readonly<Record<string, Operation>> {
  return {
    PutSecretValue: (input) => {
      const { SecretId, ClientRequestToken, VersionStages, ...given } = read(
        putInput,
        input,
        INVALID_PARAMETER,
      );
      const secret = secrets.getUsable(SecretId);
      const value = valueFrom(given);
      if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.');
      const id = ClientRequestToken ?? crypto.randomUUID();
      const versions = withVersion(secret.versions, { id, value, createdMs: now() }, VersionStages);
      if (versions !== secret.versions) secrets.put({ ...secret, versions, changedMs: now() });
      const stages = versions.find((version) => version.id === id)?.stages ?? [];
      return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
    },
    GetSecretValue: (input) => {
      const { SecretId, VersionId, VersionStage } = read(getInput, input, INVALID_PARAMETER);
      const secret = secrets.getUsable(SecretId);
      const { id, value, stages, createdMs } = versionOf(secret, VersionId, VersionStage);
      const accessedMs = Math.floor(now() / DAY_MS) * DAY_MS;
      if (secret.accessedMs !== accessedMs) secrets.put({ ...secret, accessedMs });
      const told = { VersionId: id, VersionStages: stages, CreatedDate: createdMs / 1000 };
      return { ARN: secret.arn, Name: secret.name, ...told, ...value };
    },
    UpdateSecretVersionStage: (input) => {
      const { SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId } = read(
        stageInput,
        input,
        INVALID_PARAMETER,
      );
      const secret = secrets.getUsable(SecretId);
      const versions = withStage(secret.versions, VersionStage, RemoveFromVersionId, MoveToVersionId);
      secrets.put({ ...secret, versions, changedMs: now() });
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

/** Throws InvalidParameterException for two values or one that is too large; `undefined` without any. */
export function valueFrom(given: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}): SecretValue | undefined {
  const { SecretString, SecretBinary } = given;
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw invalidParameter("You can't specify both a binary secret value and a string secret value.");
  const bytes =
    SecretBinary === undefined
      ? Buffer.byteLength(SecretString ?? '')
      : Buffer.from(SecretBinary, 'base64').length;
  if (bytes > MOST_BYTES)
    throw invalidParameter(`A secret value has at most ${MOST_BYTES} bytes; received ${bytes}.`);
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

function versionOf(secret: Secret, id: string | undefined, stage: string | undefined): Version {
  const found = secret.versions.find((version) =>
    id === undefined ? version.stages.includes(stage ?? CURRENT) : version.id === id,
  );
  if (!found)
    throw notFound(
      id === undefined
        ? `secret value for staging label: ${stage ?? CURRENT}`
        : `secret value for VersionId: ${id}`,
    );
  if (stage !== undefined && !found.stages.includes(stage))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return found;
}
