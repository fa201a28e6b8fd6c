import type { Task } from '@aws-sdk/client-ecs';
import type { Entry } from '../../../drill/entry.ts';
import { lastOf } from '../../../drill/journal.ts';
import type { Plan } from '../../../drill/plan/plan.ts';
import {
  type RunningTask,
  type VersionFacts,
  versionUniformity,
} from '../../../drill/validations/version-uniformity.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Validator } from '../../../ports/validations.ts';
import { askForIdentity } from '../../http/identities.ts';
import { definitionOf, sameContent } from '../codepipeline/definitions.ts';
import { stagesNow } from '../codepipeline/stages-now.ts';
import type { Pipeline } from '../codepipeline/target.ts';
import { digestsOf, digestsOfRevision } from './digests.ts';
import type { EcsService } from './target.ts';
import { tasksOf } from './tasks.ts';

interface Ports {
  readonly clock: Clock;
  readonly service: (plan: Plan, journal: readonly Entry[]) => EcsService;
  readonly pipeline: (plan: Plan) => Pipeline | null;
}

const LOOK_EVERY_MS = 1_000;

/** Reads every task and asks through the load balancer. Waits for tasks that do not tell their image yet. */
export function versionUniformityOf({
  clock,
  service,
  pipeline: pipelineOf,
}: Ports): Validator<'version-uniformity'>['judge'] {
  return async ({ samples, instance: own, timeoutMs }, { plan, journal }, signal) => {
    const instance = own ?? plan.smoke.instance;
    const deadline = clock.now() + timeoutMs;
    const target = service(plan, journal);
    const pipeline = pipelineOf(plan);
    const [healthy, asked] = await Promise.all([
      lastHealthyRelease(target, journal),
      askForIdentity(clock, { smoke: plan.smoke, samples, instance, signal }),
    ]);
    for (;;) {
      const [tasks, stages] = await Promise.all([
        runningTasks(target),
        pipeline ? stagesOfDrill(pipeline, journal) : {},
      ]);
      const released = pipeline && healthy ? await withCopies(target, healthy, tasks) : healthy;
      const judgement = versionUniformity({ healthy: released, tasks, asked, ...stages });
      const isOver = clock.now() + LOOK_EVERY_MS >= deadline || signal.aborted;
      if (judgement.verdict !== 'unknown' || isOver) return judgement;
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  };
}

async function lastHealthyRelease(
  target: EcsService,
  journal: readonly Entry[],
): Promise<VersionFacts['healthy']> {
  const captured = lastOf(journal, 'captured');
  const release = lastOf(journal, 'steady-state')?.release;
  if (!captured || !release) return null;
  const { revision, lastHealthy, pipeline } = captured;
  const { taskDefinition } = lastHealthy;
  const digests = await digestsOfRevision(target, pipeline?.serviceRevision ?? revision);
  return { release, taskDefinition, digests };
}

type Healthy = NonNullable<VersionFacts['healthy']>;

/** A pipeline that goes back registers the last healthy release anew. */
async function withCopies(
  target: EcsService,
  healthy: Healthy,
  tasks: readonly RunningTask[],
): Promise<Healthy> {
  const others = new Set(tasks.map(({ taskDefinition }) => taskDefinition));
  others.delete(healthy.taskDefinition);
  if (others.size === 0) return healthy;
  const was = await definitionOf(target, healthy.taskDefinition);
  const copies = await Promise.all(
    [...others].map(async (arn) => {
      const found = await definitionOf(target, arn);
      return was && found && sameContent(was, found) ? [arn] : [];
    }),
  );
  return { ...healthy, copies: copies.flat() };
}

/** Nothing is told of the stages when no execution was started. */
async function stagesOfDrill(
  pipeline: Pipeline,
  journal: readonly Entry[],
): Promise<Pick<VersionFacts, 'pipeline'>> {
  const knownBad = lastOf(journal, 'known-bad-deployed')?.deployment;
  return knownBad ? { pipeline: { stages: await stagesNow(pipeline), knownBad } } : {};
}

async function runningTasks(target: EcsService): Promise<readonly RunningTask[]> {
  const tasks = await tasksOf(target);
  return tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(runningTask);
}

function runningTask({ taskArn, taskDefinitionArn, lastStatus, containers = [] }: Task): RunningTask {
  return {
    id: taskArn?.split('/').at(-1) ?? '',
    taskDefinition: taskDefinitionArn ?? '',
    status: lastStatus ?? '',
    digests: digestsOf(containers),
  };
}
