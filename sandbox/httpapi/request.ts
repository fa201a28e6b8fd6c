import type { IncomingMessage } from 'node:http';

/** A request as it came, nothing decoded. */
export interface SentRequest {
  readonly method: string;
  /** Before the question mark. */
  readonly path: string;
  /** Behind the question mark. */
  readonly query: string;
  /** Names in lower case; what was sent more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** 10 MB, as HTTP APIs take. */
const LONGEST_BODY_BYTES = 10 * 1_048_576;

/** `too-large` as soon as more has come than is taken; the rest is not read. */
export async function sentRequest(incoming: IncomingMessage): Promise<SentRequest | 'too-large'> {
  const body = await bodyOf(incoming);
  if (body === undefined) return 'too-large';
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s, 2);
  const { cookie = [], ...distinct } = incoming.headersDistinct;
  const headers = Object.entries(distinct).map(([name, values = []]) => [name, values.join(',')] as const);
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: Object.fromEntries(headers),
    cookies: cookie.flatMap((line) => line.split(/;\s*/)).filter(Boolean),
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > LONGEST_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
