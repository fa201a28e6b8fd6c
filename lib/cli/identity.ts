import { userInfo } from 'node:os';
import { caller } from '../adapters/aws/wiring/people.ts';
import { EXIT_CODES } from '../drill/outcome.ts';
import { type Identity, identityOf, type Vouched } from '../drill/people/identity.ts';
import { type CliArguments, type CliContext, UsageError } from './command.ts';

/** The option by which several people can use one sandbox from one account of the machine. */
export const AS = { as: { type: 'string' } } as const;

/**
 * Who calls, as STS tells it. In the sandbox the access key is the name of an IAM user: that of --as, else that of the
 * environment, else that of the user of the operating system. Call it once the clients point at the sandbox.
 * Never throws for want of an answer: who may do a thing without being vouched for can still do it.
 */
export async function callerOf(
  context: CliContext,
  { values }: Pick<CliArguments, 'values'>,
): Promise<Vouched> {
  process.env.AWS_ACCESS_KEY_ID = keyOf(context, values.as as string | undefined);
  return caller().arn().then(identityOf, unknownTo);
}

/** How the caller is named where nobody has to vouch for it. */
export function nameOf(caller: Vouched): string {
  return caller.kind === 'vouched' ? caller.identity.name : caller.arn;
}

export function identified(caller: Vouched): Identity {
  if (caller.kind === 'vouched') return caller.identity;
  throw new UsageError(`refused: ${caller.reason}`, EXIT_CODES.refused);
}

function unknownTo({ name, message }: Error): Vouched {
  const reason = `nobody can be told apart: STS did not say who calls (${name}: ${message})`;
  return { kind: 'refused', arn: 'an unknown caller', reason };
}

const USER = /^[\w+=.@-]{1,64}$/;

/** Keys of real accounts, and the one that the sandbox gives to every client, name nobody. */
const NOBODY = /^(?:A[A-Z0-9]{19}|sandbox)$/;

function keyOf({ environment }: CliContext, as: string | undefined): string {
  if (as !== undefined) {
    if (USER.test(as)) return as;
    throw new UsageError(
      `--as must be the name of an IAM user, up to 64 letters, digits and +=.@_-; received '${as}'.`,
    );
  }
  const given = environment.AWS_ACCESS_KEY_ID ?? '';
  if (USER.test(given) && !NOBODY.test(given)) return given;
  return userInfo()
    .username.replaceAll(/[^\w+=.@-]/g, '-')
    .slice(0, 64);
}
