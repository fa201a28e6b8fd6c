import * as v from 'valibot';
import { mapOf, section, text } from './fields.ts';
import { wrong } from './message.ts';
import { line } from './words.ts';

/** Where a secret lies. It is read when it is needed, and shown nowhere. */
export interface SecretReference {
  readonly kind: 'secrets-manager' | 'ssm-parameter';
  /** Its name, or its ARN. */
  readonly id: string;
  /** The key in a secret that is a JSON mapping; the whole text when absent. */
  readonly key?: string;
}

type Written = v.InferOutput<ReturnType<typeof secret>>;

/** `{secretsManager: shop/robot, key: password}` or `{ssmParameter: /shop/robot}`. */
function secret() {
  return v.pipe(
    section({
      secretsManager: v.exactOptional(
        v.pipe(secretId(), v.description('the name or the ARN of a secret in Secrets Manager')),
      ),
      ssmParameter: v.exactOptional(
        v.pipe(parameterName(), v.description('the name of a parameter of Systems Manager')),
      ),
      key: v.exactOptional(
        v.pipe(
          line(128),
          v.description('the key, when the secret is a JSON mapping; the whole text without'),
        ),
      ),
    }),
    v.check(
      (given) => 'secretsManager' in given !== 'ssmParameter' in given,
      ({ input }) =>
        wrong('a mapping with either secretsManager or ssmParameter', input, 'Keep one of them.'),
    ),
    v.metadata({ minProperties: 1, maxProperties: 2 }),
  );
}

/** The secrets of a validation by the names under which its requests use them. */
export function secrets() {
  const form = text(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    "1 to 64 letters, digits, '-' or '_' that begin with a letter",
  );
  return mapOf(form, secret(), { least: 0, most: 10, what: 'secrets' });
}

export function secretOf({ secretsManager, ssmParameter, key }: Written): SecretReference {
  const of = key === undefined ? {} : { key };
  if (secretsManager !== undefined) return { kind: 'secrets-manager', id: secretsManager, ...of };
  return { kind: 'ssm-parameter', id: ssmParameter ?? '', ...of };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function secretId() {
  return text(
    /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$/,
    'the name or the ARN of a secret, like shop/robot',
  );
}

function parameterName() {
  return text(
    /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?\/?[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+){0,14}$/,
    'the name or the ARN of a parameter, like /shop/robot',
  );
}
