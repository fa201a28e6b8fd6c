import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signed sessions that no task has to remember: every task with the same secret accepts them. */
export interface Sessions {
  /** `undefined` when user and password do not fit. */
  login(user: unknown, password: unknown): string | undefined;
  /** The user whom an `Authorization: Bearer …` header speaks for. */
  userOf(authorization: string | undefined): string | undefined;
}

const PASSWORDS: ReadonlyMap<unknown, string> = new Map([['ada', 'lovelace']]);
const LIFETIME_MS = 3_600_000;

/** A `secret` that changes ends all sessions. */
export function sessions(secret: () => string, now: () => number = Date.now): Sessions {
  const sign = (text: string): string => createHmac('sha256', secret()).update(text).digest('base64url');
  return {
    login(user, password) {
      if (typeof user !== 'string' || !PASSWORDS.has(user) || PASSWORDS.get(user) !== password)
        return undefined;
      const claims = Buffer.from(JSON.stringify({ user, expiresAt: now() + LIFETIME_MS })).toString(
        'base64url',
      );
      return `${claims}.${sign(claims)}`;
    },
    userOf(authorization) {
      const [claims, signature] = authorization?.match(/^Bearer (\S+)$/)?.[1]?.split('.') ?? [];
      if (!claims || !signature || !equal(signature, sign(claims))) return undefined;
      const { user, expiresAt } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      return now() < expiresAt ? user : undefined;
    },
  };
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
