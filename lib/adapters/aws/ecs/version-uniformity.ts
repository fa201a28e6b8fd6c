import type { Task } from '@aws-sdk/client-ecs';
import { type Entry, lastOf } from '../../../drill/journal.ts';
import type { Plan } from '../../../drill/plan/plan.ts';
import {
  type RunningTask,
  type VersionFacts,
  versionUniformity,
} from '../../../drill/validations/version-uniformity.ts';
import type { Clock, Validator } from '../../../ports.ts';
import { askForIdentity } from '../../http/identities.ts';
import { digestsOf, digestsOfRevision } from './digests.ts';
import type { EcsService } from './target.ts';
import { tasksOf } from './tasks.ts';

interface Ports {
  readonly clock: Clock;
  readonly service: (plan: Plan) => EcsService;
}

const LOOK_EVERY_MS = 1_000;

/** Reads every task and asks through the load balancer. Waits for tasks that do not tell their image yet. */
export function versionUniformityOf({ clock, service }: Ports): Validator<'version-uniformity'>['judge'] {
  return async ({ samples, instance: own, timeoutMs }, { plan, journal }, signal) => {
    const instance = own ?? plan.smoke.instance;
    const deadline = clock.now() + timeoutMs;
    const target = service(plan);
    const [healthy, asked] = await Promise.all([
      lastHealthyRelease(target, journal),
      askForIdentity(clock, { smoke: plan.smoke, samples, instance, signal }),
    ]);
    for (;;) {
      const judgement = versionUniformity({ healthy, tasks: await runningTasks(target), asked });
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
  const { revision, lastHealthy } = captured;
  const { taskDefinition } = lastHealthy;
  return { release, taskDefinition, digests: await digestsOfRevision(target, revision) };
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
