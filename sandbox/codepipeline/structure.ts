import { AwsError } from '../aws/protocol.ts';
import type { ActionDeclaration, DeclarationInput, StageDeclaration } from './declaration.ts';
import { referencesIn } from './references.ts';

const MOST_ACTIONS = 500;

/** The action that has no provider: a person is one. */
export function isApproval({ actionTypeId }: ActionDeclaration): boolean {
  return actionTypeId.category === 'Approval' && actionTypeId.provider === 'Manual';
}

/**
 * Throws what AWS answers to a pipeline whose parts do not fit together: Invalid(Structure|Stage|Action)DeclarationException.
 * `providers` are those that there are, as `category/provider`.
 */
export function checkStructure(pipeline: DeclarationInput, providers: ReadonlySet<string>): void {
  const { stages, pipelineType, executionMode } = pipeline;
  const rollsBack = stages.some(({ onFailure }) => onFailure?.result === 'ROLLBACK');
  if (stages.length < 2)
    throw structure(`Pipeline has ${stages.length} stage(s); a pipeline has at least two stages.`);
  const actions = stages.flatMap((stage) => stage.actions).length;
  if (actions > MOST_ACTIONS)
    throw structure(`Pipeline has ${actions} actions; at most ${MOST_ACTIONS} are allowed.`);
  const twice = repeated(stages.map(({ name }) => name));
  if (twice) throw stageProblem(`The stage name '${twice}' is used more than once.`);
  if (pipelineType === 'V1') checkV1(pipeline);
  if (executionMode === 'PARALLEL' && rollsBack)
    throw structure('A pipeline in PARALLEL mode cannot have failure conditions with the result ROLLBACK.');
  const variable = repeated((pipeline.variables ?? []).map(({ name }) => name));
  if (variable) throw structure(`The variable '${variable}' is declared more than once.`);
  for (const [index, stage] of stages.entries()) checkStage(stage, index, providers);
  checkFlow(pipeline);
}

function checkV1({ variables, executionMode, stages }: DeclarationInput): void {
  const needs = [
    ...((variables?.length ?? 0) > 0 ? ['variables'] : []),
    ...(executionMode === 'SUPERSEDED' ? [] : [`the execution mode ${executionMode}`]),
    ...(stages.some(({ onFailure }) => onFailure) ? ['onFailure'] : []),
  ];
  if (needs.length > 0)
    throw structure(`A pipeline of type V1 cannot have ${needs.join(', ')}; this needs pipelineType V2.`);
}

function checkStage(stage: StageDeclaration, index: number, providers: ReadonlySet<string>): void {
  const twice = repeated(stage.actions.map(({ name }) => name));
  if (twice)
    throw stageProblem(`The action name '${twice}' is used more than once in the stage '${stage.name}'.`);
  for (const action of stage.actions) checkAction(action, stage.name, index === 0, providers);
}

function checkAction(
  action: ActionDeclaration,
  stageName: string,
  isFirst: boolean,
  providers: ReadonlySet<string>,
): void {
  const { category, owner, provider, version } = action.actionTypeId;
  const where = `The action '${action.name}' of the stage '${stageName}'`;
  if (isFirst !== (category === 'Source'))
    throw structure(
      `${where} is of the category ${category}; source actions, and only they, are in the first stage.`,
    );
  const isKnown = isApproval(action) || providers.has(`${category}/${provider}`);
  if (owner !== 'AWS' || version !== '1' || !isKnown)
    throw actionProblem(
      `${where} has the type ${category}/${owner}/${provider}/${version}. The sandbox has, with the owner AWS and version 1: ` +
        `${['Approval/Manual', ...providers].join(', ')}.`,
    );
  if (category === 'Source' && action.outputArtifacts.length === 0)
    throw actionProblem(`${where} needs an output artifact.`);
  if (action.timeoutInMinutes !== undefined && !isApproval(action))
    throw actionProblem(`${where} has timeoutInMinutes, which only manual approvals may have.`);
}

/** What an action takes must have been made before it. */
function checkFlow({ stages, variables = [] }: DeclarationInput): void {
  const made = new Set<string>();
  const namespaces = new Set(['codepipeline', 'variables']);
  const declared = new Set(variables.map(({ name }) => name));
  for (const action of stages.flatMap((stage) => [...stage.actions].sort(byRunOrder))) {
    const missing = action.inputArtifacts.find((artifact) => !made.has(artifact.name));
    if (missing)
      throw actionProblem(
        `The input artifact '${missing.name}' of the action '${action.name}' is made by no action before it.`,
      );
    for (const { namespace, key, reference } of Object.values(action.configuration).flatMap(referencesIn))
      if (!namespaces.has(namespace) || (namespace === 'variables' && !declared.has(key)))
        throw actionProblem(
          `The action '${action.name}' refers to ${reference}, which nothing before it tells.`,
        );
    for (const artifact of action.outputArtifacts) {
      if (made.has(artifact.name))
        throw actionProblem(`The output artifact '${artifact.name}' is made more than once.`);
      made.add(artifact.name);
    }
    if (action.namespace === undefined) continue;
    if (namespaces.has(action.namespace))
      throw actionProblem(`The namespace '${action.namespace}' is used more than once, or reserved.`);
    namespaces.add(action.namespace);
  }
}

export function byRunOrder(a: ActionDeclaration, b: ActionDeclaration): number {
  return a.runOrder - b.runOrder;
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

function structure(message: string): AwsError {
  return new AwsError('InvalidStructureException', message);
}

function stageProblem(message: string): AwsError {
  return new AwsError('InvalidStageDeclarationException', message);
}

function actionProblem(message: string): AwsError {
  return new AwsError('InvalidActionDeclarationException', message);
}
