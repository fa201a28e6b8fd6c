import { TransientFault } from '../../../drill/errors.ts';
import { isThrottled } from '../throttled.ts';

type AwsFailure = Error & { readonly $fault?: string; readonly $retryable?: unknown };

/** What AWS refuses for what it is, a repetition would not help. Of everything else it is not known whether it was done. */
export function unlessRefused(error: AwsFailure): { readonly refused: string } {
  if (error.$fault === 'client' && !error.$retryable && !isThrottled(error))
    return { refused: `${error.name}: ${error.message}` };
  throw new TransientFault(`${error.name}: ${error.message}`, { cause: error });
}
