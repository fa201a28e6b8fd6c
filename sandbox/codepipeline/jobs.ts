import { AwsError } from '../aws/protocol.ts';
import type { FailureCode } from './action.ts';

/** What a worker said of its job. */
export type JobResult =
  | {
      readonly status: 'Succeeded';
      readonly externalExecutionId?: string;
      readonly summary?: string;
      readonly revision?: { readonly revisionId: string; readonly revisionSummary?: string };
      readonly outputVariables: Readonly<Record<string, string>>;
      /** Set when the job goes on: its worker wants to be asked again with it. */
      readonly continuationToken?: string;
    }
  | {
      readonly status: 'Failed';
      readonly code: FailureCode;
      readonly message: string;
      readonly externalExecutionId?: string;
    };

/** Jobs that workers were given and have not answered. */
export interface Jobs {
  /** Wait before the worker hears of the job. Rejects with the signal's reason, and then the job is not known any more. */
  wait(jobId: string, signal: AbortSignal): Promise<JobResult>;
  /** Throws JobNotFoundException, and InvalidJobStateException for a job that was answered already. */
  settle(jobId: string, result: JobResult): void;
}

const MOST_ANSWERED = 1_000;

export function openJobs(): Jobs {
  const waiting = new Map<string, (result: JobResult) => void>();
  const answered = new Set<string>();
  return {
    wait: (jobId, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const abandon = () => {
          waiting.delete(jobId);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abandon, { once: true });
        answered.delete(jobId);
        waiting.set(jobId, (result) => {
          signal.removeEventListener('abort', abandon);
          waiting.delete(jobId);
          remember(answered, jobId);
          resolve(result);
        });
      }),
    settle(jobId, result) {
      if (answered.has(jobId))
        throw new AwsError('InvalidJobStateException', `The job ${jobId} has been answered already.`);
      const resolve = waiting.get(jobId);
      if (!resolve) throw new AwsError('JobNotFoundException', `Could not find the job ${jobId}.`);
      resolve(result);
    },
  };
}

function remember(answered: Set<string>, jobId: string): void {
  answered.add(jobId);
  if (answered.size <= MOST_ANSWERED) return;
  const [oldest] = answered;
  if (oldest !== undefined) answered.delete(oldest);
}
