import * as v from 'valibot';
import { VALIDATION_KINDS } from '../validation.ts';
import { anyOf, didYouMean, sentences, wrong } from './message.ts';
import { backgroundWork } from './validations/background-work.ts';
import { cachePurge } from './validations/cache-purge.ts';
import { configuration } from './validations/configuration.ts';
import { dataConsistency } from './validations/data-consistency.ts';
import { endpointHealth } from './validations/endpoint-health.ts';
import { monitoring } from './validations/monitoring.ts';
import { replicaSchema } from './validations/replica-schema.ts';
import { sessions } from './validations/sessions.ts';
import { syntheticTransaction } from './validations/synthetic-transaction.ts';
import { timeline } from './validations/timeline.ts';
import { versionUniformity } from './validations/version-uniformity.ts';

/** A check after the rollback. A kind is one entry of the variant. */
export function validation() {
  return v.variant(
    'kind',
    [
      syntheticTransaction(),
      versionUniformity(),
      replicaSchema(),
      dataConsistency(),
      monitoring(),
      endpointHealth(),
      backgroundWork(),
      sessions(),
      configuration(),
      cachePurge(),
      timeline(),
    ],
    ({ input }) => {
      const hint = typeof input === 'string' ? didYouMean(input, VALIDATION_KINDS) : '';
      return sentences(wrong(`a validation of kind ${anyOf(VALIDATION_KINDS)}`, input), hint);
    },
  );
}
