import * as v from 'valibot';
import { readArtifact, writeArtifact } from './artifact.ts';
import { DESCRIPTOR, descriptor, IMAGE_DEFINITIONS } from './images.ts';
import { doJob, parametersOf } from './job.ts';

const parameters = v.object({ imageTag: v.pipe(v.string(), v.regex(/^[\w.-]{1,128}$/)) });

/** Says which image the deploy action deploys. */
export const renderImages = (event: unknown): Promise<void> =>
  doJob(event, async (job) => {
    const { imageTag: asked } = parametersOf(job, parameters);
    const {
      container,
      repository,
      imageTag = asked,
    } = v.parse(descriptor, await readArtifact(job, DESCRIPTOR));
    const imageUri = `${repository}:${imageTag}`;
    await writeArtifact(job, IMAGE_DEFINITIONS, [{ name: container, imageUri }]);
    return { summary: `${container}: ${imageUri}`, outputVariables: { imageTag, imageUri } };
  });
