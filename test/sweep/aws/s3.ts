import type { Endpoint, HttpRequest, HttpResponse } from '../../../sandbox/aws/protocol.ts';

/** Buckets in memory: create, put once or again, get, list by prefix. */
export interface MemoryS3 {
  readonly endpoint: Endpoint;
  /** `BUCKET/KEY` → text. */
  readonly objects: ReadonlyMap<string, string>;
}

const XML = { 'content-type': 'application/xml' };

export function memoryS3(): MemoryS3 {
  const objects = new Map<string, string>();
  return {
    objects,
    async endpoint(request) {
      const { method, path, query } = request;
      const name = decodeURIComponent(path.slice(1));
      const isObject = name.replace(/\/$/, '').includes('/');
      if (isObject && method === 'PUT') return put(objects, name, request);
      if (isObject && method === 'GET') return get(objects, name);
      if (!isObject && method === 'PUT') return { status: 200 };
      if (!isObject && method === 'GET' && query.has('list-type')) return list(objects, name, query);
      return failure(501, 'NotImplemented', `${method} ${path}`);
    },
  };
}

function put(objects: Map<string, string>, name: string, { headers, body }: HttpRequest): HttpResponse {
  const onlyNew = headers['if-none-match'] === '*';
  if (onlyNew && objects.has(name))
    return failure(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  objects.set(name, body.toString());
  return { status: 200, headers: { etag: '"0"' } };
}

function get(objects: ReadonlyMap<string, string>, name: string): HttpResponse {
  const body = objects.get(name);
  if (body === undefined) return failure(404, 'NoSuchKey', 'The specified key does not exist.');
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

function list(objects: ReadonlyMap<string, string>, name: string, query: URLSearchParams): HttpResponse {
  const bucket = name.replace(/\/$/, '');
  const prefix = query.get('prefix') ?? '';
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(`${bucket}/${prefix}`))
    .map((key) => key.slice(bucket.length + 1))
    .toSorted();
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  const body = `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><Prefix>${prefix}</Prefix><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
  return { status: 200, headers: XML, body };
}

function failure(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    headers: XML,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
