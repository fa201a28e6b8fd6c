import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Usage } from '../../../lib/cost/usage.ts';
import { itemBytes, type Json, transactionUnits } from './capacity.ts';

/** One call of a function, and what AWS would charge for it. */
export interface MeteredCall {
  readonly at: number;
  /** The function that made it. */
  readonly by: string;
  readonly usage: Usage;
}

export interface MeteredCalls {
  readonly url: string;
  readonly calls: readonly MeteredCall[];
  close(): Promise<void>;
}

/** Stands before a gateway, passes every call on as it is, and counts what it is charged. */
export async function meterCalls(gatewayUrl: () => string): Promise<MeteredCalls> {
  const calls: MeteredCall[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(gatewayUrl(), incoming, outgoing)
      .then((call) => calls.push(call))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls, close: () => closed(server) };
}

interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

async function pass(
  gateway: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<MeteredCall> {
  const at = Date.now();
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const asked = {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers,
    body: await whole(incoming),
  };
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
  const usage =
    service === 'dynamodb' && operation === 'TransactWriteItems' ? await written(gateway, asked) : null;
  const answer = await sent(gateway, service === 'dynamodb' ? askingForUnits(asked, operation) : asked);
  outgoing.writeHead(answer.status, { ...answer.headers } as Record<string, string>);
  outgoing.end(answer.body);
  const by = /\bapp\/(\w+)/.exec(headers['user-agent'] ?? '')?.[1] ?? 'unknown';
  return { at, by, usage: usage ?? usageOf(service, operation, asked, answer) };
}

function usageOf(
  service: string,
  operation: string,
  { method, path, body }: Passed,
  answer: Answered,
): Usage {
  if (service === 'dynamodb') return unitsOf(operation, answer);
  if (service === 's3') return method === 'PUT' || path.includes('list-type') ? { puts: 1 } : { gets: 1 };
  if (service === 'sns') return body.includes('Action=Publish') ? { publishes: 1 } : {};
  if (service === 'secretsmanager') return { secretReads: 1 };
  if (service === 'monitoring') return { metricReads: 1 };
  return {};
}

const READS = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem']);

function unitsOf(operation: string, { body }: Answered): Usage {
  const { ConsumedCapacity } = JSON.parse(body.toString() || '{}') as {
    ConsumedCapacity?: { CapacityUnits?: number };
  };
  // A write whose condition failed is charged too, and tells of no units.
  const units = ConsumedCapacity?.CapacityUnits ?? 1;
  return READS.has(operation) ? { readUnits: units } : { writeUnits: units };
}

function askingForUnits(asked: Passed, operation: string): Passed {
  if (operation === 'TransactWriteItems') return asked;
  const body = Buffer.from(
    JSON.stringify({ ...(JSON.parse(asked.body.toString()) as Json), ReturnConsumedCapacity: 'TOTAL' }),
  );
  return { ...asked, body, headers: { ...asked.headers, 'content-length': String(body.length) } };
}

async function written(gateway: string, asked: Passed): Promise<Usage> {
  const writeUnits = await transactionUnits(JSON.parse(asked.body.toString()) as Json, (TableName, Key) =>
    bytesThere(gateway, asked, { TableName, Key }),
  );
  return { writeUnits };
}

/** How large an item is that is there already. */
async function bytesThere(gateway: string, asked: Passed, key: Json): Promise<number> {
  const body = Buffer.from(JSON.stringify({ ...key, ConsistentRead: true }));
  const headers = {
    ...asked.headers,
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    'content-length': String(body.length),
  };
  const { Item = {} } = JSON.parse((await sent(gateway, { ...asked, headers, body })).body.toString()) as {
    Item?: Json;
  };
  return itemBytes(Item);
}

function sent(gateway: string, { method, path, headers, body }: Passed): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, gateway), { method, headers });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      whole(response).then(
        (answer) => resolve({ status: response.statusCode ?? 500, headers: response.headers, body: answer }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
