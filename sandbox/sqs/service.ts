import { ACCOUNT } from '../aws/account.ts';
import { type Endpoint, type HttpRequest, jsonEndpoint } from '../aws/protocol.ts';
import type { Datum } from '../cloudwatch/metrics.ts';
import { withQueryError } from './errors.ts';
import { messageOperations } from './message-operations.ts';
import { measureQueues } from './metrics.ts';
import { queueOperations } from './queue-operations.ts';
import { openQueues } from './queues.ts';
import { openPolls, receiveMessage } from './receiving.ts';

export interface Sqs {
  readonly endpoint: Endpoint;
  /** Ends the long polls. */
  close(): void;
}

interface SqsOptions {
  readonly directory: string;
  /** Takes what the queues measure of themselves, once in each minute of `minuteMs`. */
  readonly record?: (data: readonly Datum[]) => void;
  readonly minuteMs?: number;
  readonly now?: () => number;
}

/** Standard queues. Messages survive restarts in `directory`, with how often they were received and until when they are hidden. */
export function startSqs({
  directory,
  record = () => {},
  minuteMs = 60_000,
  now = Date.now,
}: SqsOptions): Sqs {
  const queues = openQueues(directory, now);
  const purgedMs = new Map<string, number>();
  const stopMeasuring = measureQueues(queues, record, now, minuteMs);
  const polls = openPolls(() => {
    for (const { waiting } of queues.all()) waiting.wake();
  });
  const endpointFor = (request: HttpRequest): Endpoint => {
    const urlOf = (name: string): string => `http://${request.headers.host}/${ACCOUNT}/${name}`;
    const operations = {
      ...queueOperations(queues, purgedMs, now, urlOf),
      ...messageOperations(queues),
      ReceiveMessage: receiveMessage(queues, polls, now, request.abandoned),
    };
    return jsonEndpoint(operations, '1.0');
  };
  return {
    endpoint: async (request) => withQueryError(await endpointFor(request)(request)),
    close() {
      stopMeasuring();
      polls.close();
    },
  };
}
