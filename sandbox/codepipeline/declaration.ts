import * as v from 'valibot';
import { integer, listOf, members, oneOf, text } from '../aws/input.ts';

const NAME_RULE = 'may have up to 100 letters, digits and .@-_ only';
const VARIABLE_RULE = 'may have up to 128 letters, digits and @-_ only';

export const MOST_VARIABLES = 50;

export const name = v.pipe(text, v.regex(/^[A-Za-z0-9.@\-_]{1,100}$/, NAME_RULE));
export const variableName = v.pipe(text, v.regex(/^[A-Za-z0-9@\-_]{1,128}$/, VARIABLE_RULE));
export const variableValue = v.pipe(text, v.maxLength(1_000, 'must have at most 1000 characters'));

const artifactName = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_-]{1,100}$/, 'may have up to 100 letters, digits and -_ only'),
);
const configurationValue = v.pipe(text, v.maxLength(1_000, 'must have at most 1000 characters'));
const configuration = v.pipe(
  v.record(v.pipe(text, v.maxLength(50, 'must have at most 50 characters')), configurationValue),
  v.maxEntries(50, 'must have at most 50 entries'),
);
const artifacts = v.optional(listOf(members({ name: artifactName }), 10), []);

const action = members({
  name,
  actionTypeId: members({
    category: oneOf(['Source', 'Build', 'Deploy', 'Test', 'Invoke', 'Approval', 'Compute']),
    owner: oneOf(['AWS', 'ThirdParty', 'Custom']),
    provider: text,
    version: text,
  }),
  runOrder: v.optional(integer(1, 999), 1),
  configuration: v.optional(configuration, {}),
  outputArtifacts: artifacts,
  inputArtifacts: artifacts,
  roleArn: v.optional(text),
  region: v.optional(text),
  namespace: v.optional(variableName),
  timeoutInMinutes: v.optional(integer(5, 86_400)),
});

const retryMode = oneOf(['FAILED_ACTIONS', 'ALL_ACTIONS']);
const none = (rule: string) => v.optional(listOf(v.never(rule), 0));
const NO_CONDITIONS = 'is not supported by the sandbox: it has no conditions and rules';

const stage = members({
  name,
  blockers: none('is not supported by the sandbox'),
  actions: listOf(action, 50, 1),
  onFailure: v.optional(
    members({
      result: v.optional(oneOf(['FAIL', 'ROLLBACK', 'RETRY'])),
      retryConfiguration: v.optional(members({ retryMode: v.optional(retryMode) })),
      conditions: none(NO_CONDITIONS),
    }),
  ),
});

/** A pipeline as clients declare it. What AWS knows and the sandbox does not is refused. */
export const pipelineDeclaration = members({
  name,
  roleArn: text,
  artifactStore: members({ type: oneOf(['S3']), location: text }),
  stages: listOf(stage, 50),
  version: v.optional(integer(1, Number.MAX_SAFE_INTEGER)),
  executionMode: v.optional(oneOf(['SUPERSEDED', 'QUEUED', 'PARALLEL']), 'SUPERSEDED'),
  pipelineType: v.optional(oneOf(['V1', 'V2']), 'V1'),
  variables: v.optional(
    listOf(
      members({
        name: variableName,
        defaultValue: v.optional(variableValue),
        description: v.optional(v.pipe(v.string(), v.maxLength(200, 'must have at most 200 characters'))),
      }),
      MOST_VARIABLES,
    ),
  ),
  triggers: none('is not supported by the sandbox: it starts executions by StartPipelineExecution only'),
});

export type RetryMode = v.InferOutput<typeof retryMode>;
export type ActionDeclaration = v.InferOutput<typeof action>;
export type StageDeclaration = v.InferOutput<typeof stage>;
export type DeclarationInput = v.InferOutput<typeof pipelineDeclaration>;
export interface PipelineDeclaration extends DeclarationInput {
  readonly version: number;
}
