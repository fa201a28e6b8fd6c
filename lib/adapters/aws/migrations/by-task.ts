import { createHash } from 'node:crypto';
import {
  type ContainerOverride,
  DescribeTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import { TransientFault } from '../../../drill/errors.ts';
import type { Undo } from '../../../drill/plan/plan.ts';
import type { Migrations, UndoRun } from '../../../ports/target.ts';
import type { MigrationClients } from './migrations.ts';
import { unlessRefused } from './refused.ts';
import { word } from './shell.ts';

type ByTask = Extract<Undo, { kind: 'ecs-task' }>;
type Clients = Pick<MigrationClients, 'ecs' | 'clock'>;

const LOOK_EVERY_MS = 2_000;
/** What ECS allows of `clientToken`, and of `startedBy`. */
const LONGEST_TOKEN = 64;
const LONGEST_STARTED_BY = 128;

/** Runs the task and waits until it has stopped. For the same rollback ECS runs it once: its token is the same. */
export async function undoByTask(
  clients: Clients,
  undo: ByTask,
  run: UndoRun,
  abortSignal: AbortSignal,
): ReturnType<Migrations['undo']> {
  const started = await clients.ecs
    .send(new RunTaskCommand(requestOf(undo, run)), { abortSignal })
    .catch(unlessRefused);
  if ('refused' in started)
    return { result: 'failed', reason: `ECS did not run ${undo.taskDefinition}: ${started.refused}` };
  const taskArn = started.tasks?.[0]?.taskArn;
  if (taskArn === undefined) {
    const reasons = started.failures?.map(({ reason, detail }) =>
      [reason, detail].filter(Boolean).join(': '),
    );
    throw new TransientFault(`ECS ran no task: ${reasons?.join('; ') || 'it told no reason'}`);
  }
  const task = await stopped(clients, undo.cluster, taskArn, abortSignal);
  return judged(task, taskArn, undo.container);
}

export function taskCommand(undo: ByTask, run: UndoRun): string {
  const { subnets, securityGroups } = undo;
  const { startedBy, overrides } = requestOf(undo, run);
  const network = [
    `subnets=[${subnets?.join(',')}]`,
    ...(securityGroups ? [`securityGroups=[${securityGroups.join(',')}]`] : []),
  ];
  return [
    `aws ecs run-task --cluster ${undo.cluster} --task-definition ${undo.taskDefinition}`,
    ...(subnets
      ? [
          `--launch-type FARGATE --network-configuration ${word(`awsvpcConfiguration={${network.join(',')}}`)}`,
        ]
      : []),
    ...(overrides ? [`--overrides ${word(JSON.stringify(overrides))}`] : []),
    `--started-by ${word(startedBy ?? '')}`,
  ].join(' ');
}

function requestOf(undo: ByTask, { drillId, round }: UndoRun): RunTaskCommandInput {
  const { cluster, taskDefinition, subnets, securityGroups, container, command } = undo;
  const override: ContainerOverride | undefined = command && { name: container, command: [...command] };
  return {
    cluster,
    taskDefinition,
    count: 1,
    clientToken: tokenOf(`${drillId}/${round}`),
    // Letters, digits, hyphens, underscores and slashes are what ECS allows.
    startedBy: `rollback-drill/${drillId}/${round}`.replaceAll(/[^\w/-]/g, '_').slice(0, LONGEST_STARTED_BY),
    ...(subnets
      ? {
          launchType: 'FARGATE',
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: [...subnets],
              ...(securityGroups && { securityGroups: [...securityGroups] }),
            },
          },
        }
      : {}),
    ...(override ? { overrides: { containerOverrides: [override] } } : {}),
  };
}

function tokenOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, LONGEST_TOKEN);
}

/** Ends with the signal: whoever asks has set the limit. A reading that fails is made again. */
async function stopped(
  { ecs, clock }: Clients,
  cluster: string,
  taskArn: string,
  signal: AbortSignal,
): Promise<Task> {
  for (;;) {
    signal.throwIfAborted();
    const { tasks } = await ecs
      .send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }), { abortSignal: signal })
      .catch(() => ({ tasks: undefined }));
    const [task] = tasks ?? [];
    if (task?.lastStatus === 'STOPPED') return task;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

/** Only code 0 is a good end: of the container that the plan names, or of every one. */
function judged(
  { containers = [], stoppedReason = 'ECS told no reason' }: Task,
  taskArn: string,
  container: string | undefined,
): Awaited<ReturnType<Migrations['undo']>> {
  const counted = containers.filter(({ name }) => container === undefined || name === container);
  const codes = counted.map(({ name, exitCode }) => `${name} ${exitCode ?? 'never started'}`).join(', ');
  const task = taskArn.split('/').at(-1);
  if (counted.length > 0 && counted.every(({ exitCode }) => exitCode === 0))
    return { result: 'undone', reason: `task ${task} stopped with exit code 0 (${codes})` };
  const found = counted.length > 0 ? codes : `no container ${container ?? ''}`.trim();
  return {
    result: 'failed',
    reason: `task ${task} stopped with ${found}, allowed is exit code 0: ${stoppedReason}`,
  };
}
