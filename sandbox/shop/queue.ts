import { Agent, request } from 'node:http';

export interface Message {
  readonly body: string;
  readonly receipt: string;
}

/** The part of SQS that the shop needs, on the wire: an AWS SDK would take a task longer to import than all the rest of it. */
export interface Queue {
  send(body: string): Promise<void>;
  /** Waits for messages; none after a while, or when `signal` aborts it, which rejects. */
  receive(signal: AbortSignal): Promise<readonly Message[]>;
  delete(receipt: string): Promise<void>;
}

const WAIT_SECONDS = 20;
const MOST_MESSAGES = 10;
const ANSWER_TIMEOUT_MS = 5_000;
/** The sandbox does not verify signatures; it reads who is asked for what. */
const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=shop/20260101/us-east-1/sqs/aws4_request';

export function queueAt(url: string): Queue {
  const agent = new Agent({ keepAlive: true });
  return {
    async send(body) {
      await call('SendMessage', { MessageBody: body });
    },
    async receive(signal) {
      const input = { MaxNumberOfMessages: MOST_MESSAGES, WaitTimeSeconds: WAIT_SECONDS };
      const { Messages = [] } = (await call('ReceiveMessage', input, signal, WAIT_SECONDS * 1_000)) as {
        Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
      };
      return Messages.map(({ Body, ReceiptHandle }) => ({ body: Body, receipt: ReceiptHandle }));
    },
    async delete(receipt) {
      await call('DeleteMessage', { ReceiptHandle: receipt });
    },
  };

  function call(operation: string, input: object, signal?: AbortSignal, waitMs = 0): Promise<unknown> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS + waitMs);
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: AUTHORIZATION,
    };
    const options = {
      method: 'POST',
      agent,
      headers,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    };
    return new Promise((resolve, reject) => {
      request(new URL('/', url), options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) return resolve(JSON.parse(text || '{}'));
          reject(new Error(`SQS answered ${operation} with ${response.statusCode}: ${text}`));
        });
      })
        .on('error', reject)
        .end(JSON.stringify({ QueueUrl: url, ...input }));
    });
  }
}
