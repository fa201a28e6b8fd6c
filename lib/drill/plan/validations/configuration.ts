import * as v from 'valibot';
import { CONFIGURATION_PARTS } from '../../validations/configuration.ts';
import { closed, listOf, oneOf } from '../fields.ts';
import { common } from './every-kind.ts';

/** What the target runs, and with what, is as before the drill. */
export function configuration() {
  return closed({
    ...common('configuration'),
    except: v.optional(
      v.pipe(
        listOf(oneOf(CONFIGURATION_PARTS), { least: 0, most: CONFIGURATION_PARTS.length - 1, what: 'parts' }),
        v.description('parts that may differ, like desired-count of a service that is scaled automatically'),
      ),
      [],
    ),
  });
}
