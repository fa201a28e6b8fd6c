import { AwsError } from '../aws/protocol.ts';
import { alreadyExists, invalidParameter, notFound } from './errors.ts';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** Text, or bytes in base64. */
export type SecretValue =
  | { readonly SecretString: string; readonly SecretBinary?: undefined }
  | { readonly SecretBinary: string; readonly SecretString?: undefined };

export interface Version {
  readonly id: string;
  readonly value: SecretValue;
  readonly stages: readonly string[];
  readonly createdMs: number;
}

const MOST_VERSIONS = 100;

/**
 * The versions with another one, which takes the stages from whoever has them. The first version is always current. The
 * same version again changes nothing. Throws ResourceExistsException, LimitExceededException.
 */
export function withVersion(
  versions: readonly Version[],
  version: Omit<Version, 'stages'>,
  stages: readonly string[],
): readonly Version[] {
  const existing = versions.find(({ id }) => id === version.id);
  if (existing && !isSame(existing.value, version.value))
    throw alreadyExists(`A version with the id ${version.id} exists already, with another value.`);
  if (existing) return versions;
  const wanted = versions.length === 0 ? [...new Set([...stages, CURRENT])] : stages;
  const added = [...versions, { ...version, stages: [] }];
  return withoutSurplus(
    wanted.reduce<readonly Version[]>((all, stage) => moved(all, stage, version.id), added),
  );
}

/** The stage taken from one version, given to another one, or both. Throws InvalidParameterException, ResourceNotFoundException. */
export function withStage(
  versions: readonly Version[],
  stage: string,
  fromId: string | undefined,
  toId: string | undefined,
): readonly Version[] {
  for (const id of [fromId, toId])
    if (id !== undefined && !versions.some((version) => version.id === id))
      throw notFound(`secret value for VersionId: ${id}`);
  const holder = versions.find(({ stages }) => stages.includes(stage));
  if (fromId === undefined && toId === undefined)
    throw invalidParameter('Tell RemoveFromVersionId, MoveToVersionId, or both.');
  if (holder && holder.id !== toId && holder.id !== fromId)
    throw invalidParameter(
      `The parameter RemoveFromVersionId must be ${holder.id}, which has the staging label ${stage}.`,
    );
  if (!holder && fromId !== undefined)
    throw invalidParameter(`The version ${fromId} does not have the staging label ${stage}.`);
  if (toId === undefined && stage === CURRENT)
    throw invalidParameter(`You can't remove the staging label ${CURRENT}; move it to another version.`);
  return toId === undefined ? without(versions, stage) : moved(versions, stage, toId);
}

export function isSame(a: SecretValue, b: SecretValue): boolean {
  return a.SecretString === b.SecretString && a.SecretBinary === b.SecretBinary;
}

/** Who was current is the previous one then. */
function moved(versions: readonly Version[], stage: string, toId: string): readonly Version[] {
  const holder = versions.find(({ stages }) => stages.includes(stage));
  if (holder?.id === toId) return versions;
  const given = without(versions, stage).map((version) =>
    version.id === toId ? { ...version, stages: [...version.stages, stage] } : version,
  );
  return stage === CURRENT && holder ? moved(given, PREVIOUS, holder.id) : given;
}

function without(versions: readonly Version[], stage: string): readonly Version[] {
  return versions.map((version) => ({
    ...version,
    stages: version.stages.filter((each) => each !== stage),
  }));
}

/** Versions without a stage are deprecated: the oldest of them goes first. */
function withoutSurplus(versions: readonly Version[]): readonly Version[] {
  if (versions.length <= MOST_VERSIONS) return versions;
  const deprecated = versions.find(({ stages }) => stages.length === 0);
  if (deprecated) return versions.filter((version) => version !== deprecated);
  throw new AwsError(
    'LimitExceededException',
    `A secret has at most ${MOST_VERSIONS} versions with a staging label.`,
  );
}
