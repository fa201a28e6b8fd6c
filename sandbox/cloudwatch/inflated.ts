import { gunzipSync } from 'node:zlib';
import type { Endpoint, HttpResponse } from '../aws/protocol.ts';

/** CloudWatch takes requests of 1 MB; a smaller one may not become more than that. */
const MOST_BYTES = 1024 * 1024;

/** SDK clients compress a PutMetricData of more than 10 KB. */
export function inflated(endpoint: Endpoint): Endpoint {
  return async (request) => {
    if (request.headers['content-encoding'] !== 'gzip') return endpoint(request);
    let body: Buffer;
    try {
      body = gunzipSync(request.body, { maxOutputLength: MOST_BYTES });
    } catch (error) {
      const isTooBig = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      return isTooBig
        ? tooBig()
        : failure(400, 'SerializationException', 'The body is not compressed by gzip.');
    }
    return endpoint({ ...request, body });
  };
}

function tooBig(): HttpResponse {
  return failure(413, 'RequestEntityTooLarge', `A request may have ${MOST_BYTES} bytes when it is inflated.`);
}

function failure(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}
