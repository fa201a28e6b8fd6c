import { type CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import type { Purge } from '../../ports/validations.ts';
import { isThrottled } from './throttled.ts';

/**
 * An invalidation of CloudFront. Asked again with the same reference and paths, CloudFront tells the one that there is; with
 * other paths it refuses.
 */
export function cloudFrontPurge(cloudFront: CloudFrontClient): Purge<'cloud-front'> {
  return async ({ distribution, paths }, { reference, signal }) => {
    const batch = { CallerReference: reference, Paths: { Quantity: paths.length, Items: [...paths] } };
    const command = new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch: batch });
    try {
      const { Invalidation } = await cloudFront.send(command, { abortSignal: signal });
      const told = `invalidation ${Invalidation?.Id} of ${distribution} is ${Invalidation?.Status}`;
      return { kind: 'accepted', told };
    } catch (error) {
      return { kind: isRefusal(error as Error) ? 'refused' : 'unanswered', reason: wordsFor(error as Error) };
    }
  };
}

/** What CloudFront says no to, it says no to again. */
function isRefusal(error: Error & { readonly $fault?: 'client' | 'server' }): boolean {
  return error.$fault === 'client' && !isThrottled(error);
}

function wordsFor({ name }: Error): string {
  return `CreateInvalidation: ${name}`;
}
