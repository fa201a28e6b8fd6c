import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import type { JobData } from './job.ts';

/** Reads a JSON file of the job's only input artifact. Throws when it is not there. */
export async function readArtifact(job: JobData, fileName: string): Promise<unknown> {
  const { bucketName: Bucket, objectKey: Key } = placeOf(job.inputArtifacts);
  const s3 = clientFor(job);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key })).finally(() => s3.destroy());
  const file = Body && unzipSync(await Body.transformToByteArray())[fileName];
  if (!file) throw new Error(`The artifact s3://${Bucket}/${Key} has no ${fileName}.`);
  return JSON.parse(strFromU8(file));
}

/** Puts a zip of one JSON file as the job's only output artifact. */
export async function writeArtifact(job: JobData, fileName: string, content: unknown): Promise<void> {
  const { bucketName: Bucket, objectKey: Key } = placeOf(job.outputArtifacts);
  const Body = zipSync({ [fileName]: Buffer.from(JSON.stringify(content)) });
  const s3 = clientFor(job);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body })).finally(() => s3.destroy());
}

function placeOf(artifacts: JobData['inputArtifacts']) {
  const [only, ...more] = artifacts;
  if (only && more.length === 0) return only.location.s3Location;
  throw new Error(`The action has ${artifacts.length} such artifacts; it must have exactly one.`);
}

/** Artifacts are read and written with the credentials that come with the job. */
function clientFor({ artifactCredentials }: JobData): S3Client {
  return new S3Client({ credentials: artifactCredentials });
}
