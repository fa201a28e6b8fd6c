import type { ActionJob, ActionResult, FailureCode } from '../action.ts';

/** Why an action cannot go on, as its execution tells. */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What AWS services say that the pipeline itself was declared wrong with. */
const CONFIGURATION = new Set([
  'ClientException',
  'ClusterNotFoundException',
  'InvalidParameterException',
  'NoSuchBucket',
  'RepositoryNotFoundException',
  'ResourceNotFoundException',
  'ServiceNotActiveException',
  'ServiceNotFoundException',
]);
const PERMISSION = new Set(['AccessDenied', 'AccessDeniedException']);

/** Runs an action so that what it throws fails it. An abandoned one throws on: nobody waits for its answer. */
export async function failing(job: ActionJob, run: () => Promise<ActionResult>): Promise<ActionResult> {
  try {
    return await run();
  } catch (error) {
    job.signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return { status: 'Failed', code: codeOf(error), message: error.message };
  }
}

/** A value of the action's configuration that it cannot do without. */
export function required({ actionName, configuration }: ActionJob, key: string): string {
  const value = configuration[key];
  if (value) return value;
  throw new ActionFailed('ConfigurationError', `The configuration of the action ${actionName} lacks ${key}.`);
}

function codeOf(error: Error): FailureCode {
  if (error instanceof ActionFailed) return error.code;
  if (PERMISSION.has(error.name)) return 'PermissionError';
  return CONFIGURATION.has(error.name) ? 'ConfigurationError' : 'JobFailed';
}
