import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { EcsService } from './target.ts';

const MAX_PAGES = 50;

/**
 * All tasks of the service that ECS still knows, the stopped ones of the last hour too: those that were told to stop but
 * still drain are listed as STOPPED with another last status.
 */
export async function tasksOf(target: EcsService): Promise<readonly Task[]> {
  const [running, stopped] = await Promise.all([listTasks(target, 'RUNNING'), listTasks(target, 'STOPPED')]);
  return describeTasks(target, [...new Set([...running, ...stopped])]);
}

async function listTasks(
  { ecs, cluster, service }: EcsService,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await ecs.send(
      new ListTasksCommand({
        cluster,
        serviceName: service,
        desiredStatus,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    arns.push(...(listed.taskArns ?? []));
    nextToken = listed.nextToken;
    if (!nextToken) return arns;
  }
  throw new Error(`more than ${MAX_PAGES} pages of tasks in ${cluster}/${service}`);
}

async function describeTasks(
  { ecs, cluster }: EcsService,
  arns: readonly string[],
): Promise<readonly Task[]> {
  const batches = Array.from({ length: Math.ceil(arns.length / 100) }, (_, index) =>
    arns.slice(index * 100, index * 100 + 100),
  );
  const described = await Promise.all(
    batches.map((tasks) => ecs.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] }))),
  );
  return described.flatMap((answer) => answer.tasks ?? []);
}
