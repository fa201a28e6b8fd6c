import { createHash } from 'node:crypto';
import type { BatchOperation } from 'dynalite/db/index.js';
import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { type Database, part, within } from './database.ts';

/** The `ClientRequestToken`s of the last ten minutes. */
export interface Tokens {
  /** Whether this very request was already carried out. Throws when the token belonged to another one. */
  repeats(token: string, request: JsonObject): boolean;
  /** The changes that keep the token beside the transaction itself; `confirm` once they are committed. */
  remember(token: string, request: JsonObject): { changes: readonly BatchOperation[]; confirm(): void };
}

interface Use {
  readonly digest: string;
  readonly at: number;
}

const REMEMBERED_MS = 10 * 60_000;
const TOKEN_LENGTH_LIMIT = 36;

/** Tokens are kept on disk, so a retry after a kill does not repeat a transaction that had been committed. */
export async function tokensIn(database: Database, now: () => number): Promise<Tokens> {
  const rows = (await database.level.iterator(within(part.tokens)).all()) as [string, Use][];
  const uses = new Map(
    rows
      .map(([key, use]): [string, Use] => [key.slice(part.tokens.length), use])
      .sort(([, one], [, other]) => one.at - other.at),
  );
  const expired = (use: Use) => use.at + REMEMBERED_MS <= now();

  return {
    repeats: (token, request) => {
      if (token.length < 1 || token.length > TOKEN_LENGTH_LIMIT) throw invalidToken(token);
      const use = uses.get(token);
      if (!use || expired(use)) return false;
      if (use.digest === digestOf(request)) return true;
      const message = 'The request uses the same client token as a previous, but non-identical request.';
      throw new AwsError('IdempotentParameterMismatchException', message);
    },
    remember: (token, request) => {
      const use = { digest: digestOf(request), at: now() };
      const old = forgotten();
      return {
        changes: [
          ...old.map((key) => ({ type: 'del' as const, key: part.tokens + key })),
          { type: 'put', key: part.tokens + token, value: use },
        ],
        confirm: () => {
          for (const key of [...old, token]) uses.delete(key);
          uses.set(token, use);
        },
      };
    },
  };

  /** The map is in order of time, so what has expired comes first. */
  function forgotten(): string[] {
    const old: string[] = [];
    for (const [token, use] of uses) {
      if (!expired(use)) break;
      old.push(token);
    }
    return old;
  }
}

function digestOf(request: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64');
}

function invalidToken(token: string): AwsError {
  const message = `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and ${TOKEN_LENGTH_LIMIT}`;
  return new AwsError('ValidationException', message);
}
