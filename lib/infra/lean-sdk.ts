import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Lets the bundler leave out what nobody uses of an SDK client: schemas of operations that are not called, and errors that
 * tell nothing more than their name and message. What it does not recognise stays as it is, and the bundle gets larger.
 */
export function leanSdk(): Plugin {
  return {
    name: 'lean-sdk',
    setup(build) {
      build.onLoad({ filter: /@aws-sdk[/\\].*[/\\]schemas_\d+\.js$/ }, ({ path }) => ({
        contents: plainKeys(withoutPlainErrors(readFileSync(path, 'utf8'), clientOf(path))),
      }));
      // Clients read the version, and bring all of the file.
      build.onLoad({ filter: /@aws-sdk[/\\].*[/\\]package\.json$/ }, ({ path }) => ({
        contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
        loader: 'json',
      }));
    },
  };
}

/** `{ [_h]: 1 }` is evaluated even where nobody uses it, because a key may be an object with an effect; `{ "http": 1 }` is not. */
function plainKeys(schemas: string): string {
  const names = stringsIn(schemas);
  return schemas.replaceAll(/\[(_\w+)\]:/g, (key, name: string) =>
    names.has(name) ? `${JSON.stringify(names.get(name))}:` : key,
  );
}

interface Client {
  /** The code of its errors' classes. */
  readonly errors: string;
  /** Speaks the query protocol or is compatible with it, where an error may go by a code that is not its name. */
  readonly isQuery: boolean;
}

const ERROR =
  /export var (\w+)\$ = \[-3, n0, \w+,\n\s*(.*),\n\s*\[(.*)\],\n\s*.*\n\];\nn0_registry\.registerError\(.*\);/g;

const PLAIN_MEMBERS: ReadonlySet<string | undefined> = new Set(['message', 'Message', 'Type']);

/** Clients make an error that is not registered of their own base class, with the name, message and fault that came. */
function withoutPlainErrors(schemas: string, { errors, isQuery }: Client): string {
  const names = stringsIn(schemas);
  return schemas.replaceAll(ERROR, (error, name: string, traits: string, members: string) => {
    const isPlain = members
      .split(', ')
      .every((member) => member === '' || PLAIN_MEMBERS.has(names.get(member)));
    const isRetryable = bodyOf(name, errors).includes('$retryable');
    const hasCode = isQuery && traits.includes('[_aQE]') && !traits.includes(`[_aQE]: [\`${name}\``);
    return isPlain && !isRetryable && !hasCode ? error.slice(0, error.lastIndexOf('n0_registry')) : error;
  });
}

function bodyOf(name: string, classes: string): string {
  const from = classes.indexOf(`class ${name} `);
  return classes.slice(from, classes.indexOf('\n}\n', from));
}

function stringsIn(schemas: string): ReadonlyMap<string, string> {
  return new Map(
    [...schemas.matchAll(/^const (_\w+) = "(.*)";$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

function clientOf(schemas: string): Client {
  const root = join(dirname(schemas), '..');
  const config = readFileSync(join(root, 'runtimeConfig.shared.js'), 'utf8');
  return {
    errors: readFileSync(join(root, 'models', 'errors.js'), 'utf8'),
    isQuery: /AwsQuery|awsQueryCompatible/.test(config),
  };
}
