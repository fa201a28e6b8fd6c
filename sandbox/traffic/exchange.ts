import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';

export interface Question {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The server did not answer in time. */
export class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';
}

const LARGEST_ANSWER_BYTES = 8_388_608;

/** One request over HTTP/1.1 to loopback, sent once, whatever comes of it. Rejects when no whole answer arrived in time. */
export function exchange(question: Question, agent: Agent | false, timeoutMs: number): Promise<Answer> {
  const { port, method, path, body } = question;
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, method, path, agent, headers: headersFor(question) });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      request.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new AnswerTimeout(`No answer in ${timeoutMs} ms.`)), timeoutMs);
    request.on('error', fail);
    request.on('response', (response) => {
      bodyOf(response, LARGEST_ANSWER_BYTES).then((received) => {
        clearTimeout(timer);
        if (!received) return fail(new Error(`The answer is larger than ${LARGEST_ANSWER_BYTES} bytes.`));
        resolve({
          status: response.statusCode ?? 502,
          headers: endToEnd(response.headers),
          body: received,
        });
      }, fail);
    });
    request.end(body);
  });
}

/** `undefined` when it is larger than the limit; up to sixteen times that is read all the same, so that the sender gets to read our answer. */
export function bodyOf(message: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > 16 * limitBytes) message.destroy(new Error('The body is far too large.'));
    });
    message.on('end', () => resolve(bytes > limitBytes ? undefined : Buffer.concat(chunks)));
    message.on('error', reject);
    message.on('close', () => reject(new Error('The connection ended before the body did.')));
  });
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Without the headers that are about one connection only. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {};
  for (const name in headers) if (!HOP_BY_HOP.has(name)) kept[name] = headers[name];
  return kept;
}

function headersFor({ headers, body, method }: Question): IncomingHttpHeaders {
  const kept = endToEnd(headers);
  delete kept['content-length'];
  if (body.length > 0 || method === 'POST' || method === 'PUT') kept['content-length'] = String(body.length);
  return kept;
}
