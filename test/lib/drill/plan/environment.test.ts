import { expect, test } from 'vitest';
import { expand } from '../../../../lib/drill/plan/environment.ts';

/** The table writes %{ for ${, which would look like a forgotten template string. */
const written = (text: string) => text.replaceAll('%{', '${');

const environment = { HOST: 'shop.example', EMPTY: '', NESTED: written('%{HOST}'), GONE: undefined };

test.each([
  [
    '%{NOPE}',
    'needs the environment variable NOPE, which is not set. Set it, or give a default: %{NOPE:-default}.',
  ],
  [
    '%{GONE}',
    'needs the environment variable GONE, which is not set. Set it, or give a default: %{GONE:-default}.',
  ],
  [
    '%{toString}',
    'needs the environment variable toString, which is not set. Set it, or give a default: %{toString:-default}.',
  ],
  [
    '%{A}%{B}%{A}',
    'needs the environment variables A, B, which are not set. Set them, or give a default: %{A:-default}.',
  ],
  ['%{}', 'refers to the environment as %{}. Write %{NAME} or %{NAME:-default}, and $%{ for a plain %{.'],
  ['a%{HOST', 'refers to the environment as %{. Write %{NAME} or %{NAME:-default}, and $%{ for a plain %{.'],
  [
    '%{HOST-x}',
    'refers to the environment as %{HOST-x}. Write %{NAME} or %{NAME:-default}, and $%{ for a plain %{.',
  ],
  ['%{HOST}'.repeat(101), 'must have at most 100 references to the environment; received 101.'],
])('refuses %j', (text, message) =>
  expect(expand(written(text), environment)).toEqual({ kind: 'invalid', message: written(message) }),
);

test.each([
  ['nothing to replace: $HOST $', 'nothing to replace: $HOST $'],
  ['http://%{HOST}/%{HOST}', 'http://shop.example/shop.example'],
  ['%{NOPE:-http://127.0.0.1:8080}/x', 'http://127.0.0.1:8080/x'],
  ['%{HOST:-other}', 'shop.example'],
  ['[%{EMPTY}]', '[]'],
  ['[%{EMPTY:-default}]', '[default]'],
  ['[%{NOPE:-}]', '[]'],
  ['%{NESTED}', '%{HOST}'],
  ['$%{HOST}', '%{HOST}'],
])('reads %j as %j', (text, expanded) =>
  expect(expand(written(text), environment)).toEqual({ kind: 'text', text: written(expanded) }),
);
