import type { STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../ports/clock.ts';
import { signatureHeaders } from './request-signature.ts';

export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends requests to an HTTP API in the name of the caller. Rejects when there is no answer, or nobody to sign. */
export type SendSigned = (request: SignedRequest) => Promise<Response>;

const LIMIT_MS = 35_000;

/** With the credentials and the Region that this client has; where the address names a Region, with that one. */
export function sendSigned({ config }: STSClient, clock: Pick<Clock, 'now'>): SendSigned {
  return async ({ method, url, headers = {}, body = '' }) => {
    const [credentials, own] = [await config.credentials(), await config.region()];
    const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(url.hostname)?.[1] ?? own;
    const at = clock.now();
    const signature = signatureHeaders({
      url,
      method,
      body,
      credentials,
      region,
      service: 'execute-api',
      at,
    });
    return fetch(url, {
      method,
      headers: { ...headers, ...signature },
      ...(method === 'POST' ? { body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  };
}
