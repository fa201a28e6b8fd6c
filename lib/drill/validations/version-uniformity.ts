import type { Gap } from '../gap.ts';
import type { Judgement } from '../validation.ts';
import { gapsOfStages, pipelineStages, type StageFound, stageText } from './pipeline-stages.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

/** The images of a task or a release: by container, the digest; `null` when nobody tells it. */
export type Digests = Readonly<Record<string, string | null>>;

export interface RunningTask {
  readonly id: string;
  readonly taskDefinition: string;
  readonly status: string;
  readonly digests: Digests;
}

/** One request through the load balancer. */
export interface Asked {
  /** The identity that the answer carried. */
  readonly release: string | null;
  /** The task that gave it, if the answer tells. */
  readonly instance: string | null;
  /** Why there is no answer, and whether that says nothing about the system. */
  readonly failure: { readonly reason: string; readonly isOurs: boolean } | null;
}

export interface VersionFacts {
  /** The last healthy release; `null` when the journal does not tell it. */
  readonly healthy: {
    readonly release: string;
    readonly taskDefinition: string;
    readonly digests: Digests;
    /** Other task definitions that release exactly the same: a pipeline registers one with every release. */
    readonly copies?: readonly string[];
  } | null;
  /** All tasks that are not stopped. */
  readonly tasks: readonly RunningTask[];
  readonly asked: readonly Asked[];
  /** Of a target that is released by a pipeline: its stages, and the execution of the known-bad release. */
  readonly pipeline?: { readonly stages: readonly StageFound[]; readonly knownBad: string };
}

/**
 * No task may run, and no answer may come from, anything but the last healthy release; and no stage of the pipeline may still
 * be on the known-bad one.
 */
export function versionUniformity({ healthy, tasks, asked, pipeline }: VersionFacts): Judgement {
  if (!healthy) return verdictOf(unproven('the journal does not tell the last healthy release'), []);
  const evidence = [
    ...tasks.map((task) => `task ${task.id} is ${task.status} with ${shortArn(task.taskDefinition)}`),
    ...countsOf(asked.map(answererOf)).map(([who, count]) => `${count} answers ${who}`),
    ...(pipeline?.stages ?? []).map(stageText),
  ];
  const users = [ofTasks(tasks, healthy), ofAnswers(asked, healthy.release)];
  const stages = pipeline ? [pipelineStages(pipeline.stages, pipeline.knownBad)] : [];
  const judgement = verdictOf(together([...users, ...stages]), evidence);
  const gaps = [
    ...gapsOfUsers(together(users)),
    ...(pipeline ? gapsOfStages(pipeline.stages, pipeline.knownBad) : []),
  ];
  return gaps.length > 0 ? { ...judgement, gaps } : judgement;
}

function gapsOfUsers({ wrong: found, unproven: untold }: Findings): readonly Gap[] {
  if (found.length === 0) return [];
  const message = 'users meet more than one release after the rollback';
  const evidence = verdictOf({ wrong: found, unproven: untold, right: [] }, []).reason;
  return [{ code: 'version-skew', severity: 'serious', message, evidence }];
}

type Healthy = NonNullable<VersionFacts['healthy']>;

function ofTasks(tasks: readonly RunningTask[], healthy: Healthy): Findings {
  if (tasks.length === 0) return wrong('no task of the service runs');
  const found = together(tasks.map((task) => ofTask(task, healthy)));
  if (found.wrong.length + found.unproven.length > 0) return found;
  const images = [...new Set(Object.values(healthy.digests))].map((digest) => shortDigest(digest ?? ''));
  const what = `${shortArn(healthy.taskDefinition)} with ${images.join(', ')}`;
  const copies = new Set(tasks.map(({ taskDefinition }) => taskDefinition));
  copies.delete(healthy.taskDefinition);
  const as = copies.size > 0 ? `, as its copy ${[...copies].map(shortArn).join(', ')}` : '';
  return right(`${tasks.length} of ${tasks.length} tasks run ${what}${as}`);
}

function ofTask({ id, taskDefinition, digests }: RunningTask, healthy: Healthy): Findings {
  if (taskDefinition !== healthy.taskDefinition && !healthy.copies?.includes(taskDefinition)) {
    const found = `task ${id} runs ${shortArn(taskDefinition)}`;
    return wrong(`${found}, the last healthy release is ${shortArn(healthy.taskDefinition)}`);
  }
  // What ECS itself adds to a task, as for Service Connect, is not of the release.
  const containers = Object.entries(healthy.digests);
  if (containers.length === 0) return unproven('the images of the last healthy release are not known');
  return together(containers.map(([name, before]) => ofContainer(`${id}/${name}`, digests[name], before)));
}

function ofContainer(place: string, found: string | null | undefined, before: string | null): Findings {
  if (!before) return unproven(`the last healthy image digest of ${place} is not known`);
  if (!found) return unproven(`the image digest of ${place} is not told`);
  if (found === before) return right(place);
  return wrong(`${place} runs image ${shortDigest(found)}, the last healthy release ${shortDigest(before)}`);
}

function ofAnswers(asked: readonly Asked[], release: string): Findings {
  const healthy = asked.filter((one) => one.failure === null && one.release === release);
  const others = asked.filter((one) => !healthy.includes(one));
  const counted = countsOf(others.map(answererOf)).map(([who, count]) => `${count} ${who}`);
  const reason = [`${healthy.length} of ${asked.length} answers from ${release}`, ...counted].join(', ');
  if (others.some(({ failure }) => !failure?.isOurs)) return wrong(reason);
  return others.length > 0 || asked.length === 0 ? unproven(reason) : right(reason);
}

function answererOf({ release, instance, failure }: Asked): string {
  if (failure) return `not given: ${failure.reason}`;
  const task = instance === null ? '' : ` (task ${instance})`;
  return release === null ? `without an identity${task}` : `from ${release}${task}`;
}

function countsOf(words: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length] as const);
}

/** `arn:aws:ecs:R:A:task-definition/FAMILY:REVISION` → `FAMILY:REVISION`. */
function shortArn(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
