/** Somebody whom the organisation vouches for. */
export interface Identity {
  /** The same for every session of the same person: `user/alice`, `sso/alice@example.com`, `role/deployers`. */
  readonly name: string;
  /** The caller as AWS tells it. */
  readonly arn: string;
}

export type Vouched =
  | { readonly kind: 'vouched'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly arn: string; readonly reason: string };

/** Who started a drill, as far as that is known. Only a person takes part in its approvals. */
export type Starter =
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'schedule' | 'unknown' };

/** What schedules write into the input of the executions that they start. */
export const STARTED_BY_SCHEDULE = 'schedule';

/**
 * Who is behind a caller's ARN. A name that the caller chooses is nobody's identity: of an assumed role only the role
 * counts, and of federated users only that they are some. The session name of an IAM Identity Center role is chosen by the
 * organisation, and stands for the same person under every permission set.
 */
export function identityOf(arn: string): Vouched {
  const resource = CALLER.exec(arn)?.[1];
  const name = resource === undefined ? undefined : nameOf(resource);
  if (name !== undefined) return { kind: 'vouched', identity: { name, arn } };
  return {
    kind: 'refused',
    arn,
    reason: `${arn} is no person that the organisation vouches for; allowed are an IAM user, a user of IAM Identity Center, a role that a person assumes, or root`,
  };
}

export function starterOf(startedBy: string): Starter {
  if (startedBy === STARTED_BY_SCHEDULE) return { kind: 'schedule' };
  if (isPerson(startedBy)) return { kind: 'person', name: startedBy };
  const vouched = identityOf(startedBy);
  return vouched.kind === 'vouched' ? { kind: 'person', name: vouched.identity.name } : { kind: 'unknown' };
}

/** Whether this is the name of an identity, and not of a part of the product. */
export function isPerson(name: string): boolean {
  return NAME.test(name);
}

const CALLER = /^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(.+)$/;
const NAME = /^(?:(?:user|sso|role)\/.+|federated-user|root)$/;

/** Roles of IAM Identity Center: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
const SSO_ROLE = /^AWSReservedSSO_.+_[0-9a-f]{16}$/;

function nameOf(resource: string): string | undefined {
  const [kind = '', ...rest] = resource.split('/');
  const [role = '', ...session] = rest;
  switch (kind) {
    case 'root':
      return rest.length === 0 ? 'root' : undefined;
    case 'user':
      // A path may stand before the name, which is unique in the account without it.
      return rest.at(-1) ? `user/${rest.at(-1)}` : undefined;
    case 'federated-user':
      return role ? 'federated-user' : undefined;
    case 'assumed-role':
      return session.join('/') === '' ? undefined : nameOfRole(role, session.join('/'));
    default:
      return undefined;
  }
}

function nameOfRole(role: string, session: string): string | undefined {
  if (role === '' || role.startsWith('AWSServiceRoleFor')) return undefined;
  return SSO_ROLE.test(role) ? `sso/${session.toLowerCase()}` : `role/${role}`;
}
