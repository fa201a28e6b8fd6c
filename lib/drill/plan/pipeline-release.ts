import * as v from 'valibot';
import { listOf, mapOf, oneOf, section, text } from './fields.ts';
import { pipelineName } from './words.ts';

/** The keys of a known-bad release that a pipeline is started with. */
export const PIPELINE_RELEASE = ['variables', 'sourceRevisions'] as const;

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_SourceRevisionOverride.html */
const REVISION_TYPES = ['COMMIT_ID', 'IMAGE_DIGEST', 'S3_OBJECT_VERSION_ID'] as const;

export type RevisionType = (typeof REVISION_TYPES)[number];

export function pipelineRelease() {
  return {
    variables: v.exactOptional(
      v.pipe(
        mapOf(variableName(), variableValue(), { least: 1, most: 50, what: 'variables' }),
        v.description('the variables that the pipeline is started with, like {image_tag: v0.0.0-bad}'),
      ),
    ),
    sourceRevisions: v.exactOptional(
      v.pipe(
        listOf(sourceRevision(), { least: 1, most: 50, what: 'source revisions' }),
        v.description('the source revisions that the pipeline is started with'),
      ),
    ),
  };
}

function sourceRevision() {
  return section({
    action: v.pipe(pipelineName(), v.description('the source action')),
    type: v.pipe(oneOf(REVISION_TYPES), v.description('what the revision is')),
    revision: v.pipe(
      text(/^\S{1,1024}$/, 'a revision of 1 to 1024 characters without spaces'),
      v.description('the commit, digest or version'),
    ),
  });
}

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineVariable.html */
function variableName() {
  return text(/^[A-Za-z0-9@_-]{1,128}$/, "1 to 128 letters, digits, '@', '-' or '_'");
}

function variableValue() {
  return text(/^[^\0]{1,1000}$/, 'text of 1 to 1000 characters', 'Write it in quotes.');
}
