import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import * as v from 'valibot';
import { ActionFailed } from './failure.ts';

const schema = v.pipe(
  v.array(v.object({ name: v.pipe(v.string(), v.nonEmpty()), imageUri: v.pipe(v.string(), v.nonEmpty()) })),
  v.minLength(1),
);

/** Which image each container gets. */
export type ImageDefinitions = v.InferOutput<typeof schema>;

/** Throws {@link ActionFailed} for a text that is no list of image definitions. */
export function imageDefinitions(text: string, fileName: string): ImageDefinitions {
  const form = '[{"name": CONTAINER, "imageUri": IMAGE}, …]';
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (result.success) return result.output;
  const received = text.slice(0, 200);
  throw new ActionFailed('JobFailed', `${fileName} must be ${form}, received: ${received}`);
}

/** Throws {@link ActionFailed} for a container that the task definition does not have. */
export function withImages(
  containers: readonly ContainerDefinition[],
  images: ImageDefinitions,
): readonly ContainerDefinition[] {
  const stranger = images.find(({ name }) => containers.every((container) => container.name !== name));
  if (stranger) {
    const known = containers.map(({ name }) => name).join(', ');
    const message = `The task definition has no container ${stranger.name}; it has: ${known}.`;
    throw new ActionFailed('JobFailed', message);
  }
  return containers.map((container) => {
    const image = images.find(({ name }) => name === container.name)?.imageUri;
    return image === undefined ? container : { ...container, image };
  });
}
