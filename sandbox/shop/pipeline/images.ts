import * as v from 'valibot';

/** What the repository of the shop's team says of a release: `release.json` in the source of its pipeline. */
export const descriptor = v.object({
  container: v.string(),
  /** Where the images are, without a tag. */
  repository: v.string(),
  /** A source that is pinned to one release says which; what the execution was started with then means nothing. */
  imageTag: v.optional(v.string()),
});

/** `imagedefinitions.json`, as the deploy action of CodePipeline reads it. */
export const imageDefinitions = v.tuple([v.object({ name: v.string(), imageUri: v.string() })]);

export const IMAGE_DEFINITIONS = 'imagedefinitions.json';
export const DESCRIPTOR = 'release.json';
