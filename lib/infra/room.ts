import { lengthOf } from './portions.ts';
import type { TargetArns } from './targets.ts';

/** A policy that is attached to a role has at most 6,144 characters; this leaves room for what is around the longest list. */
const MOST_CHARACTERS = 5_700;

/**
 * Throws when the plans name more services than one permission can: deployed, it would be refused. The longest list names each
 * service, and what it has deployed.
 */
export function checkRoom({ services, serviceDeployments }: TargetArns): void {
  const characters = [...services, ...serviceDeployments].reduce((sum, name) => sum + lengthOf(name), 0);
  if (characters > MOST_CHARACTERS) throw new TooManyServices(services.length, characters);
}

class TooManyServices extends Error {
  override readonly name = 'TooManyServices';

  constructor(services: number, characters: number) {
    super(
      `The plans name ${services} services, which take ${characters} characters in a permission; at most ${MOST_CHARACTERS} are allowed. ` +
        'Give some of the plans to another stack: another DRILL_PLANS_DIR, with -c stackName=NAME -c safetySwitch=/rollback-drills/safety-switch.',
    );
  }
}
