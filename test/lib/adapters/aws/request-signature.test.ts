import { describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../../lib/adapters/aws/request-signature.ts';
import { signerOf } from '../../../../sandbox/httpapi/signature.ts';

const AT = Date.parse('2026-11-21T12:00:00.000Z');
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

function headersFor(
  url: string,
  more: { token?: string; method?: string; body?: string; service?: string; at?: number } = {},
) {
  const { token, method = 'GET', body = '', service = 'execute-api', at = AT } = more;
  const credentials = { ...CREDENTIALS, ...(token ? { sessionToken: token } : {}) };
  return signatureHeaders({ url: new URL(url), method, body, credentials, region: 'us-east-1', service, at });
}

describe('a signed request', () => {
  test('has the signature that AWS has in its own test suite (get-vanilla)', () => {
    const at = Date.parse('2015-08-30T12:36:00.000Z');
    expect(headersFor('https://example.amazonaws.com/', { service: 'service', at })).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    });
  });

  test('never holds the secret, and holds the token of a session where there is one', () => {
    const headers = headersFor('https://api.example/', { token: 'the-token' });
    expect(JSON.stringify(headers)).not.toContain(CREDENTIALS.secretAccessKey);
    expect(headers).toMatchObject({ 'x-amz-security-token': 'the-token' });
    expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
  });

  test.each([
    'https://api.example/targets/ecs:demo/shop/statistics?asOf=2026-11-03T10:00:00.000Z',
    'https://api.example/targets/ecs%3Ademo/a%20b/drills?limit=10&cursor=a%2Bb%3D%3D',
    "https://api.example/drills/it's(1)*!?x=~&x=%7E&y",
  ])('is one of the caller for whoever checks it: %s', (url) => {
    expect(signerFor(url, url)).toBe(CREDENTIALS.accessKeyId);
    expect(signerFor(url, `${url}2`)).toBeUndefined();
  });
});

/** Who has signed `sent`, with the signature that is for `url`. */
function signerFor(url: string, sent: string): string | undefined {
  const { host, pathname, search } = new URL(sent);
  return signerOf(
    {
      method: 'GET',
      path: pathname,
      query: search.slice(1),
      headers: { host, ...headersFor(url) },
      cookies: [],
      body: Buffer.alloc(0),
      sourceIp: '127.0.0.1',
    },
    CREDENTIALS.secretAccessKey,
    AT,
  );
}
