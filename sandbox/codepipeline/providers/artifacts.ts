import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import type { ActionJob, Artifact } from '../action.ts';
import { ActionFailed } from './failure.ts';

const LARGEST_FILE_BYTES = 1_000_000;

/** Reads one file of the action's only input artifact, as text. Throws {@link ActionFailed} for what is not there. */
export async function readInput(s3: S3Client, job: ActionJob, fileName: string): Promise<string> {
  const artifact = onlyArtifact(job, 'input', job.inputArtifacts);
  const place = `artifact ${artifact.name} (s3://${artifact.bucket}/${artifact.key})`;
  const file = fileIn(await bytesOf(s3, artifact), fileName, place);
  if (file) return strFromU8(file);
  const allowed = `a zip with ${fileName} of at most ${LARGEST_FILE_BYTES} bytes`;
  throw new ActionFailed(
    'JobFailed',
    `Did not find ${fileName} in the input ${place}; it must be ${allowed}.`,
  );
}

/** Puts a zip of one file where the action's only output artifact is to be. */
export function writeOutput(s3: S3Client, job: ActionJob, fileName: string, content: object): Promise<void> {
  return writeBytes(s3, job, zipSync({ [fileName]: Buffer.from(JSON.stringify(content)) }));
}

/** Puts the bytes of a zip where the action's only output artifact is to be. */
export async function writeBytes(s3: S3Client, job: ActionJob, Body: Uint8Array): Promise<void> {
  const { bucket: Bucket, key: Key } = onlyArtifact(job, 'output', job.outputArtifacts);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/zip' }));
}

function onlyArtifact(job: ActionJob, kind: string, artifacts: readonly Artifact[]): Artifact {
  const [only, ...more] = artifacts;
  if (only && more.length === 0) return only;
  const message = `The action ${job.actionName} has ${artifacts.length} ${kind} artifacts; it must have exactly one.`;
  throw new ActionFailed('ConfigurationError', message);
}

async function bytesOf(s3: S3Client, { bucket: Bucket, key: Key }: Artifact): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Body ? Body.transformToByteArray() : new Uint8Array();
}

function fileIn(bytes: Uint8Array, fileName: string, place: string): Uint8Array | undefined {
  try {
    const isWanted = ({ name, originalSize }: { name: string; originalSize: number }) =>
      name === fileName && originalSize <= LARGEST_FILE_BYTES;
    return unzipSync(bytes, { filter: isWanted })[fileName];
  } catch (cause) {
    throw new ActionFailed('JobFailed', `The input ${place} is no zip: ${(cause as Error).message}.`);
  }
}
