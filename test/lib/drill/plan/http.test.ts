import { describe, expect, test } from 'vitest';
import { changed, errorsOf } from './example.ts';

describe.each<[part: string, cases: [from: string, to: string, ...errors: string[]][]]>([
  [
    'the smoke probe',
    [
      [
        'https://web.example/check',
        '/check',
        'smoke.url (line 13): must be an absolute http or https URL; received "/check".',
      ],
      [
        'https://web.example/check',
        'ftp://a/b',
        'smoke.url (line 13): must be an absolute http or https URL; received "ftp://a/b".',
      ],
      [
        'https://web.example/check',
        'https://user:secret@web.example/',
        'smoke.url (line 13): must be a URL without user name and password (send them in a header); received "https://…@web.example/".',
      ],
      [
        'https://web.example/check',
        'https://a/#x',
        'smoke.url (line 13): must be a URL without #: that part is never sent; received "https://a/#x".',
      ],
      [
        'https://web.example/check',
        `https://a/${'b'.repeat(2048)}`,
        `smoke.url (line 13): must be a URL of at most 2048 characters; received "https://a/${'b'.repeat(50)}…".`,
      ],
      [
        'x-release }',
        'x-release }\n  method: DELETE',
        'smoke.method (line 15): must be GET, POST, PUT or HEAD; received "DELETE".',
      ],
      [
        'release: { header: x-release }',
        'release: { header: a, json: $.b }',
        'smoke.release (line 14): must have exactly one of header or json; received header and json.',
      ],
      [
        'release: { header: x-release }',
        'release: { header: "x release" }',
        'smoke.release.header (line 14): must be the name of a header, like x-release; received "x release".',
      ],
      [
        'release: { header: x-release }',
        'release: { json: release }',
        'smoke.release.json (line 14): must be a path into the JSON answer, like $.items[0].sku; received "release".',
      ],
      [
        'x-release }',
        'x-release }\n  interval: 61s',
        'smoke.interval (line 15): must be a duration from 100ms to 60s; received "61s".',
      ],
      [
        'x-release }',
        'x-release }\n  timeout: 49ms',
        'smoke.timeout (line 15): must be a duration from 50ms to 30s; received "49ms".',
      ],
      [
        'x-release }',
        'x-release }\n  expect: { status: 99 }',
        'smoke.expect.status (line 15): must be a whole number from 100 to 599; received the number 99.',
      ],
      [
        'x-release }',
        'x-release }\n  expect: { status: [200, ok] }',
        'smoke.expect.status (line 15): must be a status from 100 to 599, or a list of 1 to 20 of them; received a list of 2.',
      ],
      [
        'x-release }',
        'x-release }\n  expect: { bodyContains: "" }',
        'smoke.expect.bodyContains (line 15): must be text of 1 to 1000 characters; received "".',
      ],
      [
        'x-release }',
        'x-release }\n  headers: { host: a, HOST: b }',
        'smoke.headers (line 15): has a header twice: upper and lower case are the same. Keep one of them.',
      ],
      [
        'x-release }',
        'x-release }\n  headers: { User-Agent: me }',
        'smoke.headers.User-Agent (line 15): is set by the drill itself. Remove it.',
      ],
      [
        'x-release }',
        'x-release }\n  headers: { x-id: 5 }',
        'smoke.headers.x-id (line 15): must be text of at most 4096 visible ASCII characters; received the number 5. Write numbers in quotes.',
      ],
      [
        'x-release }',
        'x-release }\n  headers: { cookie: "secret\\n" }',
        'smoke.headers.cookie (line 15): must be text of at most 4096 visible ASCII characters; received 7 characters that are not shown, as they may be secret.',
      ],
      [
        'x-release }',
        'x-release }\n  method: PUT\n  body: 5',
        'smoke.body (line 16): must be text, or a mapping or list that is sent as JSON; received the number 5.',
      ],
      [
        'x-release }',
        `x-release }\n  method: PUT\n  body: ${'a'.repeat(65_537)}`,
        'smoke.body (line 16): must be at most 65536 characters; received 65537.',
      ],
    ],
  ],
])('refuses wrong values in %s', (_, cases) => {
  test.each(cases)('%j → %j', (from, to, ...errors) => expect(errorsOf(changed([from, to]))).toEqual(errors));
});

describe('the host of a URL', () => {
  const url = 'https://web.example/order/{{sku}}';

  test.each([
    'https://{{sku}}/',
    'https://{{sku}}.example/',
    'https://web.{{sku}}.example/',
    'https://web.example{{sku}}evil/',
  ])('is refused when an answer could choose it: %s', (written) => {
    expect(errorsOf(changed([url, `'${written}'`]))).toEqual([
      `validations[0].steps[1].url (line 36): must be a URL whose host is written out, without {{…}}; received "${written}".`,
    ]);
  });

  test.each([
    'http://127.0.0.1:8080{{sku}}',
    'https://web.example{{sku}}?page=2',
    'https://web.example?q={{sku}}',
    'HTTPS://web.example/{{sku}}/{{sku}}',
  ])('may be followed by what an answer says: %s', (written) =>
    expect(errorsOf(changed([url, `'${written}'`]))).toEqual([]),
  );
});
