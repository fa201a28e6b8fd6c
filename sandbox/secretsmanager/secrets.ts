import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { arn } from '../aws/account.ts';
import { AwsError } from '../aws/protocol.ts';
import { documentAt, FOR_OWNER } from '../state.ts';
import { invalidRequest, notFound } from './errors.ts';
import type { Version } from './versions.ts';

/** Times in epoch milliseconds. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
  /** The beginning of the day of the last access; nothing more exact is told, as on AWS. */
  readonly accessedMs?: number;
  /** When it was marked for deletion, and when it goes. */
  readonly deletion?: { readonly markedMs: number; readonly atMs: number } | undefined;
  readonly versions: readonly Version[];
}

/** Every secret, in a file that only the user who runs the sandbox may read. */
export interface Secrets {
  /** In the order of their names, those marked for deletion too. */
  all(): readonly Secret[];
  /** By name, ARN, or ARN without its last six characters. Throws ResourceNotFoundException. */
  get(id: string): Secret;
  find(id: string): Secret | undefined;
  /** The same, and InvalidRequestException for one that is marked for deletion. */
  getUsable(id: string): Secret;
  /** Throws LimitExceededException. */
  put(secret: Secret): void;
  remove(secret: Secret): void;
}

const MOST_SECRETS = 500;

export function openSecrets(directory: string, now: () => number): Secrets {
  const document = documentAt<readonly Secret[]>(join(directory, 'secrets.json'), [], FOR_OWNER);
  const all = () => document.read().filter(({ deletion }) => deletion === undefined || deletion.atMs > now());
  const others = (name: string) => all().filter((each) => each.name !== name);
  const find = (id: string) => all().find((secret) => isNamed(secret, id));
  const get = (id: string): Secret => {
    const found = find(id);
    if (!found) throw notFound();
    return found;
  };
  return {
    all,
    get,
    find,
    getUsable(id) {
      const secret = get(id);
      if (secret.deletion === undefined) return secret;
      throw invalidRequest(
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    },
    put(secret) {
      const secrets = [...others(secret.name), secret].sort((a, b) => (a.name < b.name ? -1 : 1));
      if (secrets.length > MOST_SECRETS)
        throw new AwsError('LimitExceededException', `The sandbox has at most ${MOST_SECRETS} secrets.`);
      document.write(secrets);
    },
    remove: ({ name }) => document.write(others(name)),
  };
}

/** Six characters that nobody can guess, so that a secret of the same name later on is another one. */
export function newArn(name: string): string {
  const suffix = Array.from({ length: 6 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
  return arn('secretsmanager', `secret:${name}-${suffix}`);
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function isNamed({ name, arn: full }: Secret, id: string): boolean {
  return id === name || id === full || id === full.slice(0, -'-XXXXXX'.length);
}
