import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Lets the bundler leave out what nobody uses of an SDK client: schemas of operations that are not called, errors that tell
 * nothing more than their name and message, hashes in JavaScript, and the ways to a configuration that Lambda does not have. What it does not recognise stays as it is, and the
 * bundle gets larger.
 */
export function leanSdk(): Plugin {
  return {
    name: 'lean-sdk',
    setup(build) {
      build.onLoad({ filter: /@aws-sdk[/\\].*[/\\]schemas_\d+\.js$/ }, ({ path }) => ({
        contents: plainKeys(withoutPlainErrors(readFileSync(path, 'utf8'), classesBeside(path))),
      }));
      // For where there is no crypto; Node.js always has these.
      build.onLoad({ filter: /[/\\](?:Sha1|Sha256|Md5)Js\.js$/ }, ({ path }) => ({
        contents: `export const ${basename(path, '.js')} = undefined;`,
      }));
      // A function is configured by its environment: it has no files of a user, and no instance to ask.
      build.onLoad({ filter: /[/\\]fromSharedConfigFiles\.js$/ }, () => ({ contents: NO_CONFIG_FILES }));
      build.onLoad({ filter: /[/\\]getInstanceMetadataRegion\.js$/ }, () => ({
        contents: 'export const getInstanceMetadataRegion = async () => undefined;',
      }));
      // Clients read the version, and bring all of the file.
      build.onLoad({ filter: /@aws-sdk[/\\].*[/\\]package\.json$/ }, ({ path }) => ({
        contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
        loader: 'json',
      }));
    },
  };
}

/** The next source is asked. */
const NO_CONFIG_FILES = `
import { CredentialsProviderError } from "../property-provider/CredentialsProviderError";
export const fromSharedConfigFiles = () => async () => {
  throw new CredentialsProviderError("Lambda has no config files");
};`;

/** `{ [_h]: 1 }` is evaluated even where nobody uses it, because a key may be an object with an effect; `{ "http": 1 }` is not. */
function plainKeys(schemas: string): string {
  const names = stringsIn(schemas);
  return schemas.replaceAll(/\[(_\w+)\]:/g, (key, name: string) =>
    names.has(name) ? `${JSON.stringify(names.get(name))}:` : key,
  );
}

const ERROR =
  /export var (\w+)\$ = \[-3, n0, \w+,\n\s*.*,\n\s*\[(.*)\],\n\s*.*\n\];\nn0_registry\.registerError\(.*\);/g;

const PLAIN_MEMBERS: ReadonlySet<string | undefined> = new Set(['message', 'Message', 'Type']);

/**
 * Clients make an error that is not registered of their own base class, with the name, message and fault that came. Of SNS
 * and STS comes a code instead of the name: `NotFound`, not `NotFoundException`.
 */
function withoutPlainErrors(schemas: string, classes: string): string {
  const names = stringsIn(schemas);
  return schemas.replaceAll(ERROR, (error, name: string, members: string) => {
    const isPlain = members
      .split(', ')
      .every((member) => member === '' || PLAIN_MEMBERS.has(names.get(member)));
    const isRetryable = bodyOf(name, classes).includes('$retryable');
    return isPlain && !isRetryable ? error.slice(0, error.lastIndexOf('n0_registry')) : error;
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

function classesBeside(schemas: string): string {
  return readFileSync(join(dirname(schemas), '..', 'models', 'errors.js'), 'utf8');
}
