import type { ActionJob, ActionProvider, ActionResult } from './action.ts';
import type { ActionDeclaration } from './declaration.ts';
import { isApproval } from './structure.ts';

const DEFAULT_APPROVAL_MINUTES = 7 * 24 * 60;
/** Node takes longer waits for none at all. */
const LONGEST_MS = 2_147_483_647;

/** What the action comes to when nobody ends it from outside. Never rejects; ends when the job's signal is aborted. */
export function perform(
  providers: readonly ActionProvider[],
  declaration: ActionDeclaration,
  job: ActionJob,
  unknownReferences: readonly string[],
): Promise<ActionResult> {
  if (unknownReferences.length > 0)
    return Promise.resolve(
      failed('ConfigurationError', `Nothing told the value of ${unknownReferences.join(', ')}.`),
    );
  if (isApproval(declaration)) return expiry(declaration, job.signal);
  const { category, provider: name } = declaration.actionTypeId;
  const provider = providers.find((each) => each.category === category && each.provider === name);
  if (!provider)
    return Promise.resolve(failed('ConfigurationError', `The sandbox has no provider ${category}/${name}.`));
  return Promise.resolve()
    .then(() => provider.run(job))
    .catch((error: unknown) => failed('SystemUnavailable', `The provider failed: ${String(error)}`));
}

function expiry(
  { timeoutInMinutes = DEFAULT_APPROVAL_MINUTES }: ActionDeclaration,
  signal: AbortSignal,
): Promise<ActionResult> {
  return new Promise((resolve) => {
    const expire = () =>
      resolve(failed('JobFailed', `Nobody approved or rejected it within ${timeoutInMinutes} minutes.`));
    const timer = setTimeout(expire, Math.min(timeoutInMinutes * 60_000, LONGEST_MS)).unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function failed(
  code: 'ConfigurationError' | 'SystemUnavailable' | 'JobFailed',
  message: string,
): ActionResult {
  return { status: 'Failed', code, message };
}
