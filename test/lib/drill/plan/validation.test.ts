import { describe, expect, test } from 'vitest';
import { anyOf } from '../../../../lib/drill/plan/message.ts';
import { VALIDATION_KINDS } from '../../../../lib/drill/validation.ts';
import { changed, errorsOf } from './example.ts';

const KINDS = anyOf(VALIDATION_KINDS);

describe.each<[part: string, cases: [from: string, to: string, ...errors: string[]][]]>([
  [
    'validations',
    [
      [
        'kind: synthetic-transaction',
        'kind: cache-purges',
        `validations[0].kind (line 30): must be a validation of kind ${KINDS}; received "cache-purges". Did you mean "cache-purge"?`,
      ],
      [
        'kind: synthetic-transaction',
        'kind: synthetic',
        `validations[0].kind (line 30): must be a validation of kind ${KINDS}; received "synthetic".`,
      ],
      [
        'kind: synthetic-transaction',
        'kind: synthetic-transaction\n    required: yes',
        'validations[0].required (line 31): must be true or false; received "yes".',
      ],
      [
        'kind: synthetic-transaction',
        'kind: synthetic-transaction\n    timeout: 11m',
        'validations[0].timeout (line 31): must be a duration from 1s to 4m; received "11m".',
      ],
      [
        "sku: { json: '$.items[0].sku' }",
        'sku: {}',
        'validations[0].steps[0].capture.sku (line 34): must have exactly one of json, header or cookie; received none of them.',
      ],
      [
        "{ sku: { json: '$.items[0].sku' } }",
        '{ 1sku: { cookie: a }, sku: { cookie: b } }',
        `validations[0].steps[0].capture.1sku (line 34): must be 1 to 64 letters, digits, '-' or '_' that begin with a letter; received "1sku".`,
      ],
      [
        'name: order\n',
        'name: order\n        expect: { json: { items: 1, $.a: [1] } }\n',
        'validations[0].steps[1].expect.json.items (line 36): must be a path into the JSON answer, like $.items[0].sku; received "items".',
        'validations[0].steps[1].expect.json["$.a"] (line 36): must be text, a number, true, false, null or a comparison: {exists: true}, {above: 0}, {below: 9} or {matches: \'^ord-\'}; received a list of 1.',
      ],
    ],
  ],
])('refuses wrong values in %s', (_, cases) => {
  test.each(cases)('%j → %j', (from, to, ...errors) => expect(errorsOf(changed([from, to]))).toEqual(errors));
});
