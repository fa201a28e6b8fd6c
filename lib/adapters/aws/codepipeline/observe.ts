import type { Task } from '@aws-sdk/client-ecs';
import { iso } from '../../../drill/clock.ts';
import type { TargetState } from '../../../drill/target.ts';
import type { TargetContext } from '../../../ports/target.ts';
import { fateOf, isoOf, isSettled, primaryOf } from '../ecs/observe.ts';
import type { EcsService } from '../ecs/target.ts';
import { tasksOf } from '../ecs/tasks.ts';
import { definitionOf } from './definitions.ts';
import { comingTo, releaseOf } from './desired.ts';
import { failuresOf } from './failures.ts';
import { timeOf } from './read.ts';
import { ecsServiceOf, serviceOf } from './service.ts';
import { runnerOf, type Sight } from './sight.ts';
import { type View, view } from './steering.ts';
import type { Pipeline } from './target.ts';

/** Where pipeline and service steer to, how far they have got, and what has failed on the way. */
export async function observe(pipeline: Pipeline, context: TargetContext): Promise<TargetState> {
  const ecs = ecsServiceOf(pipeline, serviceOf(context.captured));
  const [{ sight, service, steering, lastHealthy, newest }, tasks] = await Promise.all([
    view(pipeline, context),
    tasksOf(ecs),
  ]);
  const primary = primaryOf(service);
  const settled =
    isSettled(service, primary, newest) && runnerOf(sight) === undefined && comingTo(sight) === undefined;
  const doneAt = newest?.finishedAt ?? primary?.updatedAt;
  return {
    ...steering,
    observedAt: iso(pipeline.clock.now()),
    settled,
    settledAt: settled ? isoOf(laterOf(doneAt, stageEndedAt(sight))) : null,
    ...fateOf(await knownBadTasks(ecs, { sight, lastHealthy }, tasks)),
    pipelineFailures: failuresOf(sight),
  };
}

/** Those whose task definition the known-bad execution has registered: one for each attempt of its deploy stage. */
async function knownBadTasks(
  ecs: EcsService,
  { sight, lastHealthy }: Pick<View, 'sight' | 'lastHealthy'>,
  tasks: readonly Task[],
): Promise<readonly Task[]> {
  const arns = new Set(tasks.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []));
  const definitions = await Promise.all([...arns].map((arn) => definitionOf(ecs, arn)));
  const bad = new Set(
    definitions
      .filter((definition) => releaseOf(sight, definition, lastHealthy) === 'known-bad')
      .map((definition) => definition?.taskDefinitionArn),
  );
  return tasks.filter(({ taskDefinitionArn }) => bad.has(taskDefinitionArn));
}

/** When the last action of the stage ended, whoever ran it. */
function stageEndedAt({ stage }: Sight): Date | undefined {
  const ends = (stage.actionStates ?? []).flatMap(
    ({ latestExecution }) => latestExecution?.lastStatusChange ?? [],
  );
  return ends.toSorted((a, b) => timeOf(a) - timeOf(b)).at(-1);
}

function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined {
  return timeOf(a) >= timeOf(b) ? a : b;
}
