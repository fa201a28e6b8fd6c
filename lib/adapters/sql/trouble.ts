/** A server that does not do what it is asked. The message is for people, and free of credentials. */
export class DatabaseTrouble extends Error {
  override readonly name = 'DatabaseTrouble';
  /** Whether the server has refused the statement itself: a table, column or function is not there. */
  readonly isOfStatement: boolean;

  constructor(message: string, isOfStatement = false) {
    super(message);
    this.isOfStatement = isOfStatement;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be resolved',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
/** undefined_table, undefined_column, undefined_function, undefined_object, invalid_schema_name */
const NOT_THERE = new Set(['42P01', '42703', '42883', '42704', '3F000']);
const LONGEST = 300;

/** In one line, without what must not be told. */
export function troubleOf(error: unknown, secrets: readonly string[]): DatabaseTrouble {
  if (error instanceof DatabaseTrouble) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  const words = WORDS[code] ?? message.replace(/\s+/g, ' ').slice(0, LONGEST);
  return new DatabaseTrouble(
    masked(code === '' ? words : `${words} (${code})`, secrets),
    NOT_THERE.has(code),
  );
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.filter(Boolean).reduce((left, secret) => left.replaceAll(secret, '…'), text);
}
