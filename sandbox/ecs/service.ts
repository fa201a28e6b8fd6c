import { join } from 'node:path';
import type { Emit } from '../aws/events.ts';
import { type Endpoint, jsonEndpoint, type Operation } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { clusterOperations } from './clusters.ts';
import type { ImageRegistry, LoadBalancers, SecretValues, TaskRunner } from './data-plane.ts';
import { type EcsPace, QUICK_PACE } from './pace.ts';
import type { Plane } from './plane.ts';
import { startScheduler } from './scheduler.ts';
import { serviceDeploymentOperations } from './service-deployments/operations.ts';
import { serviceOperations } from './services/operations.ts';
import { openStore } from './store.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions/operations.ts';
import { taskOperations } from './tasks/operations.ts';
import { startTimers } from './timers.ts';

export interface Ecs {
  readonly endpoint: Endpoint;
  /** Starts anew what ran when the process before this one ended, and goes on with its deployments. */
  resume(): void;
  /** Ends every task's process. What runs is still remembered as running, so a later `resume` starts it again. */
  close(): Promise<void>;
}

export interface EcsOptions {
  /** Where the state is kept. */
  readonly directory: string;
  readonly images: ImageRegistry;
  /** Without it there are no secrets. */
  readonly secrets?: SecretValues;
  readonly tasks: TaskRunner;
  readonly loadBalancers: LoadBalancers;
  readonly emit: Emit;
  readonly truth: Truth;
  readonly pace?: Partial<EcsPace>;
  readonly now?: () => number;
}

/** The control plane of ECS for services with rolling updates. What it accepts it does; what it does not do it refuses. */
export function startEcs(options: EcsOptions): Ecs {
  const { secrets = () => undefined } = options;
  const { directory, images, tasks: runner, loadBalancers, truth, now = Date.now } = options;
  const pace = { ...QUICK_PACE, ...options.pace };
  const store = openStore(join(directory, 'ecs.json'));
  const timers = startTimers();
  const emit: Emit = (event) => {
    timers.delay(pace.eventDelayMs).then(() => options.emit(event));
  };
  const wake = (serviceArn: string) => scheduler.wake(serviceArn);
  const plane: Plane = {
    ...store,
    images,
    secrets,
    runner,
    loadBalancers,
    emit,
    truth,
    pace,
    timers,
    now,
    wake,
  };
  const scheduler = startScheduler(plane);

  return {
    endpoint: jsonEndpoint(storedFirst(plane, operations(plane)), '1.1'),
    resume: scheduler.resume,
    async close() {
      timers.close();
      await scheduler.close();
      store.flush();
    },
  };
}

function operations(plane: Plane): Record<string, Operation> {
  return {
    ...clusterOperations(plane),
    ...taskDefinitionOperations(plane),
    ...serviceOperations(plane),
    ...serviceDeploymentOperations(plane),
    ...taskOperations(plane),
    ...tagOperations(plane),
  };
}

/** Nothing is acknowledged that a killed sandbox would forget. */
function storedFirst(plane: Plane, table: Record<string, Operation>): Record<string, Operation> {
  const stored = Object.entries(table).map(([name, operation]): [string, Operation] => [
    name,
    async (input) => {
      const output = await operation(input);
      plane.flush();
      return output;
    },
  ]);
  return Object.fromEntries(stored);
}
