import type { HttpRequest } from './protocol.ts';

/** Who signed a request, and for which service, as the request itself says. */
export interface Credential {
  readonly accessKeyId: string;
  readonly service: string;
}

/** `undefined` for a request that nobody signed. The signature is not verified. */
export function credentialOf(request: HttpRequest): Credential | undefined {
  const scope =
    request.headers.authorization?.match(/Credential=([^,\s]+)/)?.[1] ??
    request.query.get('X-Amz-Credential') ??
    undefined;
  const [accessKeyId = '', _date, _region, service] = scope?.split('/') ?? [];
  return service === undefined ? undefined : { accessKeyId, service };
}
