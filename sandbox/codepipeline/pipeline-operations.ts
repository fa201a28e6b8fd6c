import * as v from 'valibot';
import { integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { type Context, pipelineNamed, stageNamed } from './context.ts';
import { type DeclarationInput, name, type PipelineDeclaration, pipelineDeclaration } from './declaration.ts';
import { describeMetadata } from './describe.ts';
import { invalid, VALIDATION } from './errors.ts';
import { inputsOf } from './inputs.ts';
import { MOST_RESULTS, pageOf } from './paging.ts';
import type { PipelineRecord } from './records.ts';
import { currentOf } from './stages.ts';
import { cancelAll } from './stopping.ts';
import { checkStructure } from './structure.ts';

const noTags = v.optional(listOf(v.never('is not supported by the sandbox'), 0));
const createInput = members({ pipeline: pipelineDeclaration, tags: noTags });
const updateInput = members({ pipeline: pipelineDeclaration });
const getInput = members({ name, version: v.optional(integer(1, Number.MAX_SAFE_INTEGER)) });
const nameInput = members({ name });
const listInput = members({
  maxResults: v.optional(integer(1, 1_000)),
  nextToken: v.optional(text),
});
const transitionEntries = {
  pipelineName: name,
  stageName: name,
  transitionType: oneOf(['Inbound', 'Outbound']),
};
const enableInput = members(transitionEntries);
const disableInput = members({
  ...transitionEntries,
  reason: v.pipe(
    text,
    v.regex(/^[a-zA-Z0-9!@ ().*?-]{1,300}$/, 'may have up to 300 letters, digits and !@ ().*?- only'),
  ),
});

const MOST_PIPELINES = 100;
const MOST_VERSIONS_KEPT = 20;

/** Pipelines as such, and the transitions between their stages. `caller` is an ARN. */
export function pipelineOperations(context: Context, caller: string): Readonly<Record<string, Operation>> {
  const { store, engine, now } = context;
  return {
    CreatePipeline: (input) => create(context, caller, input),
    UpdatePipeline: (input) => update(context, input),
    GetPipeline(input) {
      const { name: asked, version } = read(getInput, input, VALIDATION);
      const pipeline = pipelineNamed(context, asked);
      return { pipeline: versionOf(pipeline, version), metadata: describeMetadata(pipeline) };
    },
    ListPipelines(input) {
      const asked = read(listInput, input, VALIDATION);
      const page = { maxResults: MOST_RESULTS, ...asked };
      const { items, ...next } = pageOf(store.pipelines(), (each) => each.name, page);
      return { pipelines: items.map(summaryOf), ...next };
    },
    DeletePipeline(input) {
      const { name: asked } = read(nameInput, input, VALIDATION);
      cancelAll(context, asked);
      store.removePipeline(asked);
      return {};
    },
    DisableStageTransition(input) {
      const { reason, ...asked } = read(disableInput, input, VALIDATION);
      const { pipeline, into } = transitionOf(context, asked);
      const transition = { enabled: false, changedBy: caller, changedMs: now(), reason };
      store.putPipeline({ ...pipeline, transitions: { ...pipeline.transitions, [into]: transition } });
      return {};
    },
    EnableStageTransition(input) {
      const { pipeline, into } = transitionOf(context, read(enableInput, input, VALIDATION));
      const transition = { enabled: true, changedBy: caller, changedMs: now() };
      store.putPipeline({ ...pipeline, transitions: { ...pipeline.transitions, [into]: transition } });
      engine.flow(pipeline.name);
      return {};
    },
  };
}

/** As on AWS the pipeline starts at once, unless a variable has no value yet. */
function create(context: Context, caller: string, input: JsonObject): object {
  const { store, engine, now, providers } = context;
  const { pipeline: asked } = read(createInput, input, VALIDATION);
  checkStructure(asked, providers);
  if (store.pipeline(asked.name))
    throw new AwsError(
      'PipelineNameInUseException',
      `A pipeline with the name '${asked.name}' already exists.`,
    );
  if (store.pipelines().length >= MOST_PIPELINES)
    throw new AwsError('LimitExceededException', `The sandbox has at most ${MOST_PIPELINES} pipelines.`);
  const declaration = { ...asked, version: 1 };
  const createdMs = now();
  const pipeline: PipelineRecord = {
    name: asked.name,
    createdMs,
    updatedMs: createdMs,
    declarations: [declaration],
    transitions: {},
  };
  store.putPipeline(pipeline);
  if ((asked.variables ?? []).every(({ defaultValue }) => defaultValue !== undefined))
    engine.start(pipeline, { type: 'CreatePipeline', detail: caller }, inputsOf(pipeline, {}));
  return { pipeline: declaration };
}

/** Whatever it declares, even the same once more, is another version. Transitions stay as they are. */
function update(context: Context, input: JsonObject): object {
  const { store, now, providers } = context;
  const { pipeline: asked } = read(updateInput, input, VALIDATION);
  checkStructure(asked, providers);
  const before = pipelineForUpdate(context, asked);
  cancelAll(context, before.name);
  const declaration = { ...asked, version: currentOf(before).version + 1 };
  const declarations = [...before.declarations, declaration].slice(-MOST_VERSIONS_KEPT);
  const isThere = (stageName: string) => asked.stages.some((stage) => stage.name === stageName);
  const transitions = Object.entries(before.transitions).filter(([stageName]) => isThere(stageName));
  store.putPipeline({
    ...before,
    declarations,
    transitions: Object.fromEntries(transitions),
    updatedMs: now(),
  });
  return { pipeline: declaration };
}

/** AWS has no PipelineNotFoundException here. */
function pipelineForUpdate({ store }: Context, { name: asked }: DeclarationInput): PipelineRecord {
  const found = store.pipeline(asked);
  if (!found) throw new AwsError('InvalidStructureException', `There is no pipeline '${asked}' to update.`);
  return found;
}

function versionOf(pipeline: PipelineRecord, version: number | undefined): PipelineDeclaration {
  if (version === undefined) return currentOf(pipeline);
  const found = pipeline.declarations.find((each) => each.version === version);
  if (found) return found;
  throw new AwsError(
    'PipelineVersionNotFoundException',
    `The pipeline '${pipeline.name}' has no version ${version}, or the sandbox keeps it no more.`,
  );
}

function summaryOf(pipeline: PipelineRecord): object {
  const { name: pipelineName, version, pipelineType, executionMode } = currentOf(pipeline);
  const { createdMs, updatedMs } = pipeline;
  return {
    name: pipelineName,
    version,
    pipelineType,
    executionMode,
    created: createdMs / 1000,
    updated: updatedMs / 1000,
  };
}

/** The way out of a stage is the way into the next one. */
function transitionOf(
  context: Context,
  asked: { readonly pipelineName: string; readonly stageName: string; readonly transitionType: string },
): { readonly pipeline: PipelineRecord; readonly into: string } {
  const pipeline = pipelineNamed(context, asked.pipelineName);
  const stage = stageNamed(pipeline, asked.stageName);
  const { stages } = currentOf(pipeline);
  const index = stages.indexOf(stage) + (asked.transitionType === 'Outbound' ? 1 : 0);
  const into = stages[index];
  if (!into || index === 0)
    throw invalid(
      `The stage '${stage.name}' has no ${asked.transitionType} transition: it is the ${into ? 'first' : 'last'} one.`,
    );
  return { pipeline, into: into.name };
}
