import type { ActionJob, ActionProvider, ActionResult } from '../../../sandbox/codepipeline/action.ts';
import { until } from './until.ts';

/** An action under way that ends when the test says so. */
export interface HeldJob {
  readonly job: ActionJob;
  succeed(more?: { readonly outputVariables?: Readonly<Record<string, string>> }): void;
  fail(message?: string): void;
  /** As a provider does that breaks. */
  reject(error: Error): void;
}

export interface ScriptedActions {
  readonly providers: readonly ActionProvider[];
  /** Actions of these names do not end by themselves from now on. */
  hold(...names: readonly string[]): void;
  release(...names: readonly string[]): void;
  /** The next held job of the action, once it has begun. */
  job(actionName: string): Promise<HeldJob>;
  /** The actions that began and were not asked for. */
  waiting(): readonly string[];
}

/** Actions that succeed at once unless they are held. */
export function scriptedActions(): ScriptedActions {
  const held = new Set<string>();
  const jobs: HeldJob[] = [];
  let sources = 0;
  const done = (job: ActionJob): ActionResult => {
    if (job.stageName !== 'Source') return resultOf(job);
    sources += 1;
    return withRevision(resultOf(job), job.sourceRevision?.value ?? `version-${sources}`);
  };
  const run = async (job: ActionJob): Promise<ActionResult> => {
    if (!held.has(job.actionName)) return done(job);
    return new Promise((resolve, reject) => {
      jobs.push({
        job,
        succeed: (more = {}) => resolve({ ...done(job), ...more }),
        fail: (message = 'It did not work.') => resolve({ status: 'Failed', code: 'JobFailed', message }),
        reject,
      });
    });
  };
  const types = [
    ['Source', 'S3'],
    ['Source', 'ECR'],
    ['Deploy', 'ECS'],
    ['Invoke', 'Lambda'],
  ] as const;
  return {
    providers: types.map(([category, provider]) => ({ category, provider, run })),
    hold(...names) {
      for (const name of names) held.add(name);
    },
    release(...names) {
      for (const name of names) held.delete(name);
    },
    async job(actionName) {
      await until(() => jobs.some(({ job }) => job.actionName === actionName), `a job of ${actionName}`);
      const [found] = jobs.splice(
        jobs.findIndex(({ job }) => job.actionName === actionName),
        1,
      );
      if (!found) throw new Error(`There was no job of ${actionName}.`);
      return found;
    },
    waiting: () => jobs.map(({ job }) => job.actionName),
  };
}

type Success = Extract<ActionResult, { status: 'Succeeded' }>;

function resultOf(job: ActionJob): Success {
  return {
    status: 'Succeeded',
    externalExecutionId: `outside-${job.id}`,
    externalExecutionSummary: `${job.actionName} is done`,
  };
}

function withRevision(result: Success, revisionId: string): Success {
  return {
    ...result,
    outputVariables: { VersionId: revisionId },
    revision: { revisionId, revisionSummary: 'a release', revisionUrl: 'https://example.com/release' },
  };
}
