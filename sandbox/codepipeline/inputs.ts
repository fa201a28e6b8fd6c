import { invalid } from './errors.ts';
import type { Inputs } from './new-execution.ts';
import type { PipelineRecord } from './records.ts';
import { currentOf } from './stages.ts';

interface Asked {
  readonly variables?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly sourceRevisions?:
    | readonly {
        readonly actionName: string;
        readonly revisionType: string;
        readonly revisionValue: string;
      }[]
    | undefined;
}

/** What a source action may be told to take, by its provider. */
const REVISION_TYPES: Readonly<Record<string, readonly string[]>> = {
  S3: ['S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY'],
  ECR: ['IMAGE_DIGEST'],
};

/** With the default values of what was not told. Throws ValidationException. */
export function inputsOf(pipeline: PipelineRecord, asked: Asked): Inputs {
  return { variables: variablesOf(pipeline, asked), overrides: overridesOf(pipeline, asked) };
}

function variablesOf(pipeline: PipelineRecord, { variables: told = [] }: Asked): Inputs['variables'] {
  const { variables: declared = [], pipelineType } = currentOf(pipeline);
  if (told.length > 0 && pipelineType !== 'V2')
    throw invalid(`A pipeline of type ${pipelineType} has no variables; this needs type V2.`);
  const names = told.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw invalid(`The variable '${twice}' is told more than once.`);
  const undeclared = names.find((name) => declared.every((each) => each.name !== name));
  if (undeclared)
    throw invalid(
      `The pipeline '${pipeline.name}' has no variable '${undeclared}'. It has: ${declared.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  return Object.fromEntries(
    declared.map(({ name, defaultValue }) => {
      const value = told.find((each) => each.name === name)?.value ?? defaultValue;
      if (value === undefined) throw invalid(`The variable '${name}' has no default value and was not told.`);
      return [name, value];
    }),
  );
}

function overridesOf(pipeline: PipelineRecord, { sourceRevisions = [] }: Asked): Inputs['overrides'] {
  const sources = currentOf(pipeline).stages[0]?.actions ?? [];
  const entries = sourceRevisions.map(({ actionName, revisionType: type, revisionValue: value }) => {
    const source = sources.find(({ name }) => name === actionName);
    if (!source) throw invalid(`The pipeline '${pipeline.name}' has no source action '${actionName}'.`);
    const allowed = REVISION_TYPES[source.actionTypeId.provider] ?? ['COMMIT_ID'];
    if (!allowed.includes(type))
      throw invalid(
        `The source action '${actionName}' takes the revision types ${allowed.join(', ')}; received ${type}.`,
      );
    return [actionName, { type, value }] as const;
  });
  return Object.fromEntries(entries);
}
