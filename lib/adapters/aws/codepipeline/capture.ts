import type { PipelineDeclaration, StageState } from '@aws-sdk/client-codepipeline';
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Captured } from '../../../drill/entry.ts';
import { type Check, hasRefusal } from '../../../drill/guardrails/check.ts';
import type { TargetFacts } from '../../../drill/guardrails/target-facts.ts';
import type { PathName } from '../../../drill/path.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import type { Capture } from '../../../ports/target.ts';
import * as ofService from '../ecs/checks.ts';
import { facts } from '../ecs/facts.ts';
import { describe, revisionOf, taskDefinition } from '../ecs/read.ts';
import * as checks from './checks.ts';
import { revisionTypesOf } from './declaration.ts';
import { lastHealthy } from './history.ts';
import { pathFingerprint } from './path-fingerprint.ts';
import { declarationOf, newestExecutions, stagesOf } from './read.ts';
import { rollbackCommand } from './rollback.ts';
import { ecsServiceOf, servicesOf } from './service.ts';
import type { Pipeline } from './target.ts';
import { transitionsOf } from './transitions.ts';

/**
 * Checks the guardrails that CodePipeline and ECS can answer and captures what runs, and the execution that it came by. The
 * first refusals end it: later checks build on earlier ones. Nothing but reads.
 */
export async function capture(
  pipeline: Pipeline,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Promise<Capture> {
  const declaration = await declarationOf(pipeline);
  const ofDeclaration = declarationChecks(pipeline, declaration, paths);
  if (!declaration || hasRefusal(ofDeclaration)) return refused(ofDeclaration);
  const service = pipeline.target.ecs ?? servicesOf(declaration, pipeline.target.stage)[0];
  if (!service) return refused(ofDeclaration);
  const ecs = ecsServiceOf(pipeline, service);
  const [stages, executions, running] = await Promise.all([
    stagesOf(pipeline),
    newestExecutions(pipeline),
    describe(ecs),
  ]);
  const soFar: Check[] = [
    ...ofDeclaration,
    checks.idle(pipeline, stages, executions),
    checks.passable(pipeline, stages),
    ofService.exists(ecs, running),
    ...(running ? [ofService.active(running), ofService.staffed(running), ofService.quiet(running)] : []),
  ];
  if (!running || hasRefusal(soFar)) return refused(soFar);
  const definition = await taskDefinition(ecs, running.taskDefinition ?? '');
  soFar.push(ofService.wayBack(definition));
  if (!definition || hasRefusal(soFar)) return refused(soFar);
  const history = await lastHealthy(pipeline, declaration, definition.registeredAt);
  soFar.push(...history.checks);
  if (!history.execution) return refused(soFar);
  soFar.push(checks.knownBadRelease(declaration, knownBad, history.execution));
  if (hasRefusal(soFar)) return refused(soFar);
  const ofEcs = await facts(ecs, { service: running, healthy: definition, knownBad, bad: undefined });
  const told = { ...ofEcs, selfRollback: isAnsweredByRelease(paths) ? null : history.selfRollback };
  const newestExecution = executions[0]?.pipelineExecutionId ?? '';
  const found = { declaration, stages, newestExecution, service, running, definition, told };
  return {
    checks: soFar,
    captured: captured(pipeline, { ...found, execution: history.execution }, knownBad, paths),
    facts: told,
  };
}

/** What was captured, in one line: nothing of it may change before the known-bad release is deployed. */
export function revisionLine(version: number | undefined, execution: string, service: Service): string {
  return `pipeline version ${version ?? '?'}, execution ${execution}, ${revisionOf(service)}`;
}

function declarationChecks(
  pipeline: Pipeline,
  declaration: PipelineDeclaration | undefined,
  paths: readonly PathName[],
): readonly Check[] {
  const exists = checks.exists(pipeline, declaration);
  if (!declaration) return [exists];
  return [
    exists,
    checks.rollsBack(declaration),
    checks.oneAtATime(declaration),
    checks.stages(pipeline, declaration),
    checks.choosable(declaration, paths),
  ];
}

/** A redeployment gets through the stage after the known-bad execution. */
function isAnsweredByRelease(paths: readonly PathName[]): boolean {
  return paths.find((path) => path !== 'automatic') === 'codepipeline-redeploy';
}

function refused(told: readonly Check[]): Capture {
  return { checks: told, captured: null, facts: null };
}

interface Found {
  readonly declaration: PipelineDeclaration;
  readonly stages: readonly StageState[];
  readonly newestExecution: string;
  readonly service: { readonly cluster: string; readonly service: string };
  readonly running: Service;
  readonly definition: TaskDefinition;
  readonly told: TargetFacts;
  readonly execution: PipelineExecution;
}

function captured(
  pipeline: Pipeline,
  { declaration, stages, newestExecution, service, running, definition, told, execution }: Found,
  knownBad: KnownBad,
  paths: readonly PathName[],
): Captured {
  const version = declaration.version ?? 0;
  const found: Captured = {
    lastHealthy: {
      taskDefinition: definition.taskDefinitionArn ?? '',
      imageDigest: told.lastHealthyImages[0]?.digest ?? null,
      execution,
    },
    revision: revisionLine(declaration.version, newestExecution, running),
    tasks: running.desiredCount ?? 0,
    wayBack: [],
    pathFingerprint: pathFingerprint(declaration, running),
    pipeline: {
      version,
      service,
      serviceRevision: revisionOf(running),
      revisionTypes: revisionTypesOf(declaration),
      newestExecution,
      transitions: transitionsOf(pipeline, stages),
    },
  };
  const context = { captured: found, knownBad, deployed: null, isAgain: false };
  return {
    ...found,
    wayBack: paths
      .filter((path) => path !== 'automatic')
      .map((path) => rollbackCommand(pipeline, path, context)),
  };
}
