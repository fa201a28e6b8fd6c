import { createHash } from 'node:crypto';
import { ACCOUNT } from '../aws/account.ts';

export interface Principal {
  readonly Arn: string;
  readonly UserId: string;
  readonly Account: string;
}

const NAME = '[\\w+=@-]{1,64}';
const ROLE = new RegExp(`^role\\.(${NAME})\\.([\\w+=@.-]{2,64})$`);
const FEDERATED = new RegExp(`^federated\\.(${NAME})$`);
const USER = /^[\w+=@.-]{1,64}$/;

/**
 * There is no IAM here, so the access key id says who has it, in a form that a signature's scope can carry: `alice` is the user
 * `alice`, `role.deployers.session-1` a session of the role `deployers`, `federated.bob` a federated user, `root` the account.
 * `undefined` for anything else.
 */
export function principalOf(accessKeyId: string): Principal | undefined {
  const [, role, session] = accessKeyId.match(ROLE) ?? [];
  const [, federated] = accessKeyId.match(FEDERATED) ?? [];
  if (role && session)
    return principal('sts', `assumed-role/${role}/${session}`, `${idOf('AROA', role)}:${session}`);
  if (federated) return principal('sts', `federated-user/${federated}`, `${ACCOUNT}:${federated}`);
  if (/^(role|federated)\./.test(accessKeyId) || !USER.test(accessKeyId)) return undefined;
  if (accessKeyId === 'root') return principal('iam', 'root', ACCOUNT);
  return principal('iam', `user/${accessKeyId}`, idOf('AIDA', accessKeyId));
}

function principal(service: 'iam' | 'sts', resource: string, userId: string): Principal {
  return { Arn: `arn:aws:${service}::${ACCOUNT}:${resource}`, UserId: userId, Account: ACCOUNT };
}

/** The same name has the same id for ever, as nobody is deleted here. */
function idOf(prefix: string, name: string): string {
  return prefix + createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase();
}
