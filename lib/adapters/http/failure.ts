/** Why an exchange has no complete answer. */
export interface Failure {
  /** `timed-out`: its time was over. `stopped`: the caller wanted no answer any more. `broken`: everything else. */
  readonly kind: 'timed-out' | 'stopped' | 'broken';
  /** Short, and free of URLs, headers and bodies: they may hold secrets. */
  readonly reason: string;
  /** Whether the cause lies on the side that asked, so that it says nothing about the system. */
  readonly isOurs: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ECONNABORTED: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be resolved',
  EPROTO: 'TLS refused',
  ERR_BODY_TOO_LARGE: 'answer of more than 32 MB',
  ERR_INVALID_URL: 'URL not valid',
  ERR_INVALID_CHAR: 'header with a character that cannot be sent',
};

/** The resolver, the network or the resources of the machine that asks. */
const OURS = new Set([
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EACCES',
  'EPERM',
]);

/** Only the code of the error is told: messages of Node.js hold addresses and parts of what was sent. */
export function brokenBy(error: unknown): Failure {
  const code = codeOf(error);
  return { kind: 'broken', reason: `${wordsFor(code)} (${code})`, isOurs: OURS.has(code) };
}

/** Time limits abort with a `TimeoutError`, like those of `AbortSignal.timeout`. */
export function endedBy(signal: AbortSignal, elapsedMs: number): Failure {
  const isTimeout = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return isTimeout
    ? { kind: 'timed-out', reason: `no complete answer after ${elapsedMs} ms`, isOurs: false }
    : { kind: 'stopped', reason: `stopped after ${elapsedMs} ms without a complete answer`, isOurs: true };
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function wordsFor(code: string): string {
  if (/^HPE_/.test(code)) return 'answer is not valid HTTP';
  if (/^ERR_(SSL|TLS)|CERT|ISSUER|SIGNATURE/.test(code)) return 'TLS refused';
  return WORDS[code] ?? 'request broken';
}
