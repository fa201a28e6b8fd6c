import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

const ORDER = 'url: https://web.example/order/{{sku}}';
const SECRETS = 'secrets: { robot: { secretsManager: shop/robot, key: password } }';

describe('refuses requests of validations:', () => {
  test.each<[title: string, text: string, ...errors: string[]]>([
    [
      'a secret that the validation does not have',
      changed([
        ORDER,
        `${ORDER}\n        headers: { authorization: "Bearer {{secret:robto}}" }\n    ${SECRETS}`,
      ]),
      'validations[0].steps[1].headers.authorization (line 37): uses {{secret:robto}}, which is not among the secrets of the validation. Known are robot. Did you mean "robot"?',
    ],
    [
      'a secret in a URL',
      changed([ORDER, `url: https://web.example/?key={{secret:robot}}\n    ${SECRETS}`]),
      'validations[0].steps[1].url (line 36): must not have {{secret:robot}}: URLs are written to access logs. Send it in a header or in the body.',
    ],
    [
      'a secret of two places',
      changed([ORDER, `${ORDER}\n    secrets: { a: { secretsManager: x, ssmParameter: y }, b: { key: z } }`]),
      'validations[0].secrets.a (line 37): must be a mapping with either secretsManager or ssmParameter; received a mapping. Keep one of them.',
      'validations[0].secrets.b (line 37): must be a mapping with either secretsManager or ssmParameter; received a mapping. Keep one of them.',
    ],
    [
      'a form beside a body, and one that GET cannot carry',
      changed([
        ORDER,
        `${ORDER}\n        form: { a: b }\n      - { name: both, method: POST, url: 'https://web.example/', body: x, form: { a: b } }`,
      ]),
      'validations[0].steps[1].form (line 37): cannot be sent with GET. Remove it, or use POST or PUT.',
      'validations[0].steps[2].form (line 38): cannot be sent together with a body. Keep one of them.',
    ],
    [
      'tidying up what was never captured, by the name of another step',
      changed([
        ORDER,
        `${ORDER}\n    tidyUp: [{ name: look, method: DELETE, url: 'https://web.example/{{id}}' }]`,
      ]),
      'validations[0].tidyUp[0].name (line 37): must differ from the names of the other steps; received "look" again.',
      'validations[0].tidyUp[0].url (line 37): uses {{id}}, which no earlier step captures. Earlier steps capture sku.',
    ],
    [
      'patterns that are none, and comparisons of two kinds',
      changed([
        ORDER,
        `${ORDER}\n        expect: { headers: { x-mode: { matches: '(a' } }, json: { $.a: { above: 0, below: 1 } } }`,
      ]),
      'validations[0].steps[1].expect.headers.x-mode (line 37): matches must be a pattern, like ^ord-[0-9]+$; has "(a", allowed are characters, classes like [a-z] or \\d, and the signs . * + ? {2,4} ^ $ |, without groups.',
      'validations[0].steps[1].expect.json["$.a"] (line 37): must have exactly one of exists, above, below or matches; received above and below.',
    ],
  ])('%s', (_, text, ...errors) => expect(errorsOf(text)).toEqual(errors));
});

describe('what is sent', () => {
  test('a form is one body, with room for placeholders', () => {
    const parsed = parsePlan(
      changed([
        ORDER,
        `${ORDER}\n        method: POST\n        form: { "user name": "a&b={{sku}}", password: "{{secret:robot}}" }\n    ${SECRETS}`,
      ]),
    );
    expect(parsed).toMatchObject({
      plan: {
        validations: [
          {
            secrets: { robot: { kind: 'secrets-manager', id: 'shop/robot', key: 'password' } },
            steps: [
              {},
              {
                headers: { 'content-type': 'application/x-www-form-urlencoded' },
                body: 'user%20name=a%26b%3D{{sku}}&password={{secret:robot}}',
              },
            ],
          },
        ],
      },
    });
  });
});

describe('refuses endpoints:', () => {
  const HEALTH = `kind: endpoint-health
    endpoints:
      - { name: front, url: 'https://web.example/' }
  - name: buy-too
    kind: synthetic-transaction`;

  test.each<[title: string, from: string, to: string, ...errors: string[]]>([
    [
      'two of one name',
      "url: 'https://web.example/' }",
      "url: 'https://web.example/' }\n      - { name: front, url: 'https://web.example/b' }",
      'validations[0].endpoints[1].name (line 33): must differ from the names of the other endpoints; received "front" again.',
    ],
    [
      'that use what nothing captures',
      "url: 'https://web.example/' }",
      "url: 'https://web.example/{{id}}' }",
      'validations[0].endpoints[0].url (line 32): uses {{id}}, which no earlier step captures. No earlier step captures anything.',
    ],
    [
      'that wait longer than they may',
      "url: 'https://web.example/' }",
      "url: 'https://web.example/', expect: { within: 31s } }",
      'validations[0].endpoints[0].expect.within (line 32): must be at most the timeout of the validation (30s); received 31s.',
    ],
    [
      'that are asked without end',
      'kind: endpoint-health',
      'kind: endpoint-health\n    attempts: 0',
      'validations[0].attempts (line 31): must be a whole number from 1 to 20; received the number 0.',
    ],
  ])('%s', (_, from, to, ...errors) =>
    expect(errorsOf(changed(['kind: synthetic-transaction', HEALTH.replace(from, () => to)]))).toEqual(
      errors,
    ),
  );

  test('nothing, when all is right', () =>
    expect(errorsOf(changed(['kind: synthetic-transaction', HEALTH]))).toEqual([]));
});

describe('refuses sessions:', () => {
  const SESSIONS = `kind: sessions
    login: { method: POST, url: 'https://web.example/login', capture: { token: { json: $.token } } }
    probe: { url: 'https://web.example/me', headers: { cookie: 'sid={{token}}' } }
  - name: buy-too
    kind: synthetic-transaction`;

  test.each<[title: string, from: string, to: string, ...errors: string[]]>([
    [
      'a probe that works without a session',
      'sid={{token}}',
      'sid=1',
      'validations[0].probe (line 32): must use what login captures ({{token}}), or it proves no session.',
    ],
    [
      'a probe of what login does not capture',
      'sid={{token}}',
      'sid={{token}}; user={{user}}',
      'validations[0].probe.headers.cookie (line 32): uses {{user}}, which no earlier step captures. Earlier steps capture token.',
    ],
    [
      'a login that captures nothing',
      'capture: { token: { json: $.token } }',
      'capture: {}',
      'validations[0].login.capture (line 31): must be a mapping with 1 to 20 captures; received 0.',
    ],
  ])('%s', (_, from, to, ...errors) =>
    expect(errorsOf(changed(['kind: synthetic-transaction', SESSIONS.replace(from, () => to)]))).toEqual(
      errors,
    ),
  );

  test('nothing, when all is right', () =>
    expect(errorsOf(changed(['kind: synthetic-transaction', SESSIONS]))).toEqual([]));
});

describe('refuses purges:', () => {
  const PURGE = `kind: cache-purge
    cache: { http: { urls: ['https://edge.example/'], headers: { x-key: '{{secret:key}}' } } }
    secrets: { key: { ssmParameter: /edge/key } }
    watch: [{ name: front, url: 'https://web.example/', release: { header: x-release } }]
    provenWithin: 20s
  - name: buy-too
    kind: synthetic-transaction`;

  test.each<[title: string, from: string, to: string, ...errors: string[]]>([
    [
      'of two caches',
      'cache: { http:',
      'cache: { cloudFront: { distribution: E2EXAMPLE1DIST }, http:',
      'validations[0].cache (line 31): must have exactly one of cloudFront or http; received cloudFront and http.',
    ],
    [
      'of paths that CloudFront does not take',
      "cache: { http: { urls: ['https://edge.example/'], headers: { x-key: '{{secret:key}}' } } }",
      "cache: { cloudFront: { distribution: E2EXAMPLE1DIST, paths: ['images/*'] } }",
      'validations[0].cache.cloudFront.paths[0] (line 31): must be a path that begins with / and has * only at its end, like /images/*; received "images/*".',
    ],
    [
      'with a secret that is not there',
      'secrets: { key:',
      'secrets: { kez:',
      'validations[0].cache.http.headers.x-key (line 31): uses {{secret:key}}, which is not among the secrets of the validation. Known are kez. Did you mean "kez"?',
    ],
    [
      'with a secret in a URL',
      'https://edge.example/',
      'https://edge.example/{{secret:key}}',
      'validations[0].cache.http.urls[0] (line 31): must not have {{secret:key}}: URLs are written to access logs. Send it in a header or in the body.',
    ],
    [
      'that are proven after the time is over',
      'provenWithin: 20s',
      'provenWithin: 2m',
      'validations[0].provenWithin (line 34): must be shorter than the timeout of the validation (2m), in which the cache is purged as well; received 2m.',
    ],
    [
      'that are proven before there are answers enough',
      'provenWithin: 20s',
      'provenWithin: 20s\n    interval: 10s',
      'validations[0].provenWithin (line 34): must be at least 30s (3 greens × 10s); received 20s.',
    ],
  ])('%s', (_, from, to, ...errors) =>
    expect(errorsOf(changed(['kind: synthetic-transaction', PURGE.replace(from, () => to)]))).toEqual(errors),
  );

  test('nothing, when all is right', () =>
    expect(errorsOf(changed(['kind: synthetic-transaction', PURGE]))).toEqual([]));
});
