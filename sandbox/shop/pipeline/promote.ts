import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { readArtifact } from './artifact.ts';
import { IMAGE_DEFINITIONS, imageDefinitions } from './images.ts';
import { doJob, parametersOf } from './job.ts';

const parameters = v.object({ bucket: v.string(), key: v.string(), execution: v.string() });

/** Writes down which release was found good, for whoever deploys it elsewhere. */
export const promote = (event: unknown): Promise<void> =>
  doJob(event, async (job) => {
    const { bucket, key, execution } = parametersOf(job, parameters);
    const [{ imageUri }] = v.parse(imageDefinitions, await readArtifact(job, IMAGE_DEFINITIONS));
    const promoted = { imageUri, pipelineExecutionId: execution, promotedAt: new Date().toISOString() };
    const s3 = new S3Client({});
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(promoted) });
    await s3.send(put).finally(() => s3.destroy());
    return { summary: `Promoted ${imageUri}.` };
  });
