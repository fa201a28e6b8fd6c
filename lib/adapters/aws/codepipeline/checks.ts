import type { PipelineDeclaration, PipelineExecutionSummary, StageState } from '@aws-sdk/client-codepipeline';
import { type Check, judged } from '../../../drill/guardrails/check.ts';
import type { PathName } from '../../../drill/path.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import { revisionTypesOf, stageNames } from './declaration.ts';
import { release } from './history.ts';
import { isKnownBad } from './inputs.ts';
import { servicesOf } from './service.ts';
import type { Pipeline } from './target.ts';

export function exists({ target }: Pipeline, declaration: PipelineDeclaration | undefined): Check {
  const found = `pipeline ${target.pipeline} ${declaration ? 'is there' : 'is not there'}`;
  return judged('pipeline-exists', declaration !== undefined, `${found}; the plan names it as its target`);
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html */
export function rollsBack({ pipelineType = 'V1', name = '' }: PipelineDeclaration): Check {
  const reason = `the pipeline is of type ${pipelineType}; only stages of type V2 can be rolled back.`;
  const remedy = `Set pipelineType to V2 (aws codepipeline update-pipeline). ${release(name)}`;
  return pipelineType === 'V2'
    ? judged('pipeline-type', true, 'the pipeline is of type V2')
    : judged('pipeline-type', false, `${reason} ${remedy}`);
}

export function oneAtATime({ executionMode = 'SUPERSEDED', name = '' }: PipelineDeclaration): Check {
  const allowed = executionMode === 'SUPERSEDED' || executionMode === 'QUEUED';
  const reason = `the pipeline runs in ${executionMode} mode; allowed are SUPERSEDED and QUEUED`;
  const remedy = `in PARALLEL mode no stage can be rolled back. Set executionMode to one of them (aws codepipeline update-pipeline). ${release(name)}`;
  return judged('pipeline-mode', allowed, allowed ? reason : `${reason}: ${remedy}`);
}

/** The stages of the plan must be there, in an order that makes sense, and the first of them must deploy to the service. */
export function stages(pipeline: Pipeline, declaration: PipelineDeclaration): Check {
  const wrong = misplaced(pipeline, stageNames(declaration)) ?? elsewhere(pipeline, declaration);
  const found = `the pipeline has the stages ${stageNames(declaration).join(' → ')}`;
  return judged('pipeline-stages', wrong === undefined, wrong === undefined ? found : `${wrong}; ${found}`);
}

export function idle(
  { target }: Pipeline,
  states: readonly StageState[],
  executions: readonly PipelineExecutionSummary[],
): Check {
  const inStages = states.flatMap(({ latestExecution, inboundExecution }) =>
    [latestExecution, inboundExecution].flatMap((each) =>
      isUnderWay(each?.status) ? [each?.pipelineExecutionId ?? ''] : [],
    ),
  );
  const listed = executions.flatMap(({ pipelineExecutionId = '', status }) =>
    isUnderWay(status) ? [pipelineExecutionId] : [],
  );
  const running = [...new Set([...inStages, ...listed])];
  const stop = running.map(
    (id) =>
      `aws codepipeline stop-pipeline-execution --pipeline-name ${target.pipeline} --pipeline-execution-id ${id}`,
  );
  return judged(
    'no-execution-under-way',
    running.length === 0,
    running.length === 0
      ? '0 executions of the pipeline are under way; 0 are allowed'
      : `${running.length} executions of the pipeline are under way (${running.join(', ')}); 0 are allowed. Wait for them, or stop them: ${stop.join('; ')}`,
  );
}

export function isUnderWay(status: string | undefined): boolean {
  return status === 'InProgress' || status === 'Stopping';
}

/** The known-bad release has to get as far as to where it is tested. */
export function passable({ target }: Pipeline, states: readonly StageState[]): Check {
  const { pipeline, stage, smokeStage = stage } = target;
  const to = states.findIndex(({ stageName }) => stageName === smokeStage);
  const disabled = states
    .slice(1, to + 1)
    .filter(({ inboundTransitionState }) => inboundTransitionState?.enabled === false)
    .map(({ stageName, inboundTransitionState }) => {
      const enable = `aws codepipeline enable-stage-transition --pipeline-name ${pipeline} --stage-name ${stageName} --transition-type Inbound`;
      return `${stageName} ("${inboundTransitionState?.disabledReason ?? ''}"; ${enable})`;
    });
  return judged(
    'transitions-enabled',
    disabled.length === 0,
    disabled.length === 0
      ? `every transition up to stage ${smokeStage} is enabled`
      : `transitions are disabled into ${disabled.join(', ')}; up to stage ${smokeStage} all must be enabled`,
  );
}

/** Redeploying must not release whatever was pushed last. */
export function choosable(declaration: PipelineDeclaration, paths: readonly PathName[]): Check {
  const types = revisionTypesOf(declaration);
  const others = (declaration.stages?.[0]?.actions ?? []).filter(({ name = '' }) => !types[name]);
  const wanted = paths.includes('codepipeline-redeploy');
  const told = others.map(({ name, actionTypeId }) => `${name} (${actionTypeId?.provider})`).join(', ');
  return judged(
    'source-revisions',
    others.length === 0 || !wanted,
    others.length === 0
      ? 'the revision of every source can be chosen'
      : `the revision of ${told} cannot be chosen, so that codepipeline-redeploy would release its newest one; allowed is a path that does not. Remove codepipeline-redeploy from the paths`,
  );
}

export function knownBadRelease(
  declaration: PipelineDeclaration,
  knownBad: KnownBad,
  healthy: PipelineExecution,
): Check {
  const name = 'known-bad-release';
  if (knownBad.kind !== 'pipeline-execution')
    return judged(
      name,
      false,
      `${knownBad.release} is no release of a pipeline; give it variables or sourceRevisions`,
    );
  const declared = (declaration.variables ?? []).map((variable) => variable.name ?? '');
  const types = revisionTypesOf(declaration);
  const undeclared = Object.keys(knownBad.variables).filter((variable) => !declared.includes(variable));
  if (undeclared.length > 0)
    return judged(
      name,
      false,
      `the pipeline declares no variable ${undeclared.join(', ')}; it declares ${declared.join(', ') || 'none'}`,
    );
  const misfits = knownBad.sourceRevisions.filter(({ action, type }) => types[action] !== type);
  if (misfits.length > 0) {
    const received = misfits.map(({ action, type }) => `${action} ${type}`).join(', ');
    const allowed = Object.entries(types).map(([action, type]) => `${action} ${type}`);
    const reason = `the source stage takes no revision of ${received}; it takes ${allowed.join(', ') || 'none'}`;
    return judged(name, false, reason);
  }
  const same = isKnownBad(knownBad, healthy);
  return judged(
    name,
    !same,
    same
      ? `execution ${healthy.id}, which is what runs, is itself the known-bad release ${knownBad.release}; it must differ. Release a healthy one: aws codepipeline start-pipeline-execution --name ${declaration.name}`
      : `${knownBad.release} differs from execution ${healthy.id}`,
  );
}

function misplaced({ target }: Pipeline, names: readonly string[]): string | undefined {
  const { stage, smokeStage = stage, disableTransitions } = target;
  const [at, smokeAt] = [names.indexOf(stage), names.indexOf(smokeStage)];
  if (at === -1) return `there is no stage ${stage}`;
  if (at === 0) return `stage ${stage} is the source stage, which cannot be rolled back`;
  if (smokeAt === -1)
    return `there is no stage ${smokeStage}, in which the plan wants a release to be tested`;
  if (smokeAt < at) return `stage ${smokeStage}, which tests what was deployed, must be behind ${stage}`;
  const wrong = disableTransitions.find((name) => names.indexOf(name) <= smokeAt);
  return wrong && `the transition into ${wrong} cannot be disabled; allowed are stages behind ${smokeStage}`;
}

function elsewhere({ target }: Pipeline, declaration: PipelineDeclaration): string | undefined {
  const services = servicesOf(declaration, target.stage);
  const told = services.map(({ cluster, service }) => `${cluster}/${service}`);
  if (!target.ecs)
    return told.length === 1
      ? undefined
      : `stage ${target.stage} deploys to ${told.length} ECS services (${told.join(', ')}); allowed is 1. Name it in the plan as target.codepipeline.ecs`;
  const wanted = `${target.ecs.cluster}/${target.ecs.service}`;
  if (told.includes(wanted)) return undefined;
  return `stage ${target.stage} deploys to ${told.join(', ') || 'no ECS service'}; the plan says ${wanted}`;
}
