/*
 * A client of the API, with the signer of the AWS SDK. It needs two packages, @smithy/signature-v4 and @smithy/core, and
 * credentials from wherever yours come, for example fromNodeProviderChain() of @aws-sdk/credential-providers.
 */
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

export interface ApiSettings {
  /** The stack's output `ApiUrl`; in the sandbox the variable DRILL_API_URL. */
  readonly url: string;
  readonly region: string;
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
}

export interface Sent {
  /** Is sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  /** Any answer, whatever its status. */
  send(method: string, path: string, sent?: Sent): Promise<Response>;
  /** The document. Throws `ApiProblem`. */
  call<Document>(method: string, path: string, sent?: Sent): Promise<Document>;
  /** Every item of a list, page by page. Throws `ApiProblem`. */
  all<Item>(path: string): AsyncGenerator<Item>;
}

/** What went wrong, as the API tells it (RFC 9457); `detail` says what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly document: unknown;

  constructor(status: number, document: { readonly detail?: string; readonly message?: string }) {
    super(`${status}: ${document.detail ?? document.message ?? 'no reason was told'}`);
    this.status = status;
    this.document = document;
  }
}

export function apiClient({ url, region, credentials }: ApiSettings): Api {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  const api: Api = {
    async send(method, path, { body, headers = {} } = {}) {
      const address = new URL(path, url);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const { host, ...signed } = await signature(signer, method, address, text, headers);
      return fetch(address, { method, headers: signed, ...(text === undefined ? {} : { body: text }) });
    },
    async call<Document>(method: string, path: string, sent?: Sent): Promise<Document> {
      const answer = await api.send(method, path, sent);
      const document = await answer.json();
      if (!answer.ok) throw new ApiProblem(answer.status, document as object);
      return document as Document;
    },
    async *all<Item>(path: string) {
      let cursor = '';
      do {
        const page: Page<Item> = await api.call('GET', withCursor(path, cursor));
        yield* page.items;
        cursor = page.next ?? '';
      } while (cursor !== '');
    },
  };
  return api;
}

/** `ecs:demo/shop` as a part of a path. Its slash stays: signers and gateways disagree about an encoded one. */
export function inPath(target: string): string {
  return target.split('/').map(encodeURIComponent).join('/');
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

async function signature(
  signer: SignatureV4,
  method: string,
  address: URL,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { searchParams } = address;
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = {
    method,
    protocol: address.protocol,
    hostname: address.hostname,
    path: address.pathname,
    query: Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)])),
    headers: { host: address.host, ...type, ...headers },
    body,
  };
  return (await signer.sign(request)).headers;
}

function withCursor(path: string, cursor: string): string {
  if (cursor === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}
