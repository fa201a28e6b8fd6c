import type { Endpoint } from './aws/protocol.ts';
import type { LoadBalancers, TargetGroup, TaskProcess, TaskRunner } from './ecs/data-plane.ts';

/** A runner and load balancers of which one task of a bad release cannot be got rid of, whatever ECS is told. */
export interface StrayTask {
  readonly tasks: TaskRunner;
  readonly loadBalancers: LoadBalancers;
  /** Ends it for good; before ECS has stopped it, nothing happens. */
  end(): void;
}

const GRACE_MS = 1_000;

/**
 * The first task that runs another release than the tasks before it stays behind the load balancer and alive after ECS has
 * deregistered and stopped it, and so believes that it is gone.
 */
export function strayTask(world: {
  readonly tasks: TaskRunner;
  readonly loadBalancers: LoadBalancers;
}): StrayTask {
  let usual: string | undefined;
  let stray: { readonly taskId: string; readonly process: TaskProcess } | undefined;
  const groups = new Map<string, TargetGroup>();
  let isKept = false;

  const keep = (taskId: string, process: TaskProcess): TaskProcess => {
    stray = { taskId, process };
    const told = Promise.withResolvers<{ exitCode: number | null; signal: string | null }>();
    process.exited.then(told.resolve);
    return {
      ...process,
      exited: told.promise,
      stop() {
        isKept = true;
        told.resolve({ exitCode: 0, signal: null });
      },
    };
  };

  const owners = new Set<TargetGroup>();
  const unlessStray = (own: TargetGroup): TargetGroup['deregister'] => {
    owners.add(own);
    return async (targetId) => {
      if (targetId !== stray?.taskId) await own.deregister(targetId);
    };
  };

  return {
    tasks: {
      start(specification) {
        const { taskId, environment } = specification;
        const process = world.tasks.start(specification);
        usual ??= environment.RELEASE;
        return environment.RELEASE === usual || stray ? process : keep(taskId, process);
      },
    },
    loadBalancers: {
      targetGroup(arn) {
        const own = world.loadBalancers.targetGroup(arn);
        if (own && !groups.has(arn)) groups.set(arn, { ...own, deregister: unlessStray(own) });
        return groups.get(arn);
      },
    },
    end() {
      if (!stray || !isKept) return;
      isKept = false;
      const { taskId, process } = stray;
      const left = [...owners].map((own) => own.deregister(taskId));
      Promise.allSettled(left).then(() => process.stop(GRACE_MS));
    },
  };
}

/** Whoever updates the service gets rid of it. */
export function endedByUpdate(stray: StrayTask, endpoint: Endpoint): Endpoint {
  return (request) => {
    if (request.headers['x-amz-target']?.endsWith('.UpdateService')) stray.end();
    return endpoint(request);
  };
}
