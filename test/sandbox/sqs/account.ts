import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Datum } from '../../../sandbox/cloudwatch/metrics.ts';
import { type Sqs, startSqs } from '../../../sandbox/sqs/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

/** Queues with a clock that stands still until it is turned on. */
export interface QueueAccount {
  readonly client: SQSClient;
  readonly measured: Datum[];
  turnOn(seconds: number): void;
  /** As when the sandbox was killed and starts again. */
  restart(): void;
  /** Ends the long polls. */
  closeService(): void;
  queue(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  send(QueueUrl: string, body: string, more?: Partial<SendMessageCommandInput>): Promise<void>;
  receive(
    QueueUrl: string,
    more?: Partial<ReceiveMessageCommandInput>,
    abortSignal?: AbortSignal,
  ): Promise<readonly Received[]>;
  /** How many calls are not yet answered. */
  open(): number;
  /** `[visible, in flight, delayed]`. */
  counts(QueueUrl: string): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface Received {
  readonly body: string;
  readonly receipt: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
const START_MS = Date.UTC(2026, 10, 21, 12);

export async function queueAccount(minuteMs = 60_000): Promise<QueueAccount> {
  let nowMs = START_MS;
  const measured: Datum[] = [];
  const open = (directory: string): Sqs =>
    startSqs({ directory, now: () => nowMs, minuteMs, record: (data) => void measured.push(...data) });
  let sqs: Sqs | undefined;
  let underWay = 0;
  const served: Served = await serve((directory) => {
    sqs = open(directory);
    return {
      sqs: async (request) => {
        underWay += 1;
        return (sqs as Sqs).endpoint(request).finally(() => {
          underWay -= 1;
        });
      },
    };
  });
  const client = new SQSClient(served.configuration);
  return {
    client,
    measured,
    turnOn: (seconds) => {
      nowMs += seconds * 1000;
    },
    restart() {
      sqs?.close();
      sqs = open(served.directory);
    },
    closeService: () => sqs?.close(),
    async queue(QueueName, Attributes = {}) {
      return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    },
    async send(QueueUrl, MessageBody, more = {}) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
    },
    async receive(QueueUrl, more = {}, abortSignal = undefined) {
      const asked = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ ...asked, ...more }), {
        ...(abortSignal && { abortSignal }),
      });
      return Messages.map(({ Body = '', ReceiptHandle = '', Attributes = {} }) => ({
        body: Body,
        receipt: ReceiptHandle,
        attributes: Attributes,
      }));
    },
    open: () => underWay,
    async counts(QueueUrl) {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes = {} } = await client.send(asked);
      return COUNTS.map((name) => Number(Attributes[name]));
    },
    async close() {
      sqs?.close();
      client.destroy();
      await served.close();
    },
  };
}
