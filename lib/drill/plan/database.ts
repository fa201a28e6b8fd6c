import * as v from 'valibot';
import { exactlyOneOf, listOf, mapOf, must, oneOf, section, text } from './fields.ts';
import type { PlanDocument } from './schema.ts';
import { secretId } from './secret.ts';
import { name } from './words.ts';

type Written = PlanDocument['databases'][string];

/** The databases behind the target, by the names under which validations speak of them. */
export function databases() {
  return mapOf(name(), database, { least: 0, most: 10, what: 'databases' });
}

/** Gives a database the names that the code uses. */
export function databaseOf({ host, port, replicas, credentials, ...database }: Written, called: string) {
  return {
    ...database,
    name: called,
    primary: { name: 'primary', host, port },
    replicas: replicas.map((replica) => ({ port, ...replica })),
    credentials: credentialsOf(credentials),
  };
}

const replica = section({
  name: v.pipe(name(), v.description('the name of the replica, unique in its database')),
  host: v.pipe(
    host(),
    v.description('its own host, not one that stands for several, like a reader endpoint'),
  ),
  port: v.exactOptional(v.pipe(port(), v.description('its port; that of the primary when left out'))),
  kind: v.pipe(
    oneOf(['physical', 'logical']),
    v.description('physical (a standby, an Aurora reader, an RDS read replica) or logical (a subscription)'),
  ),
});

const credentials = exactlyOneOf({
  secretsManager: v.pipe(
    secretId(),
    v.description('a secret in Secrets Manager, in JSON with username and password, as RDS keeps it'),
  ),
  iam: v.pipe(
    section({ user: v.pipe(user(), v.description('who logs in with a token of IAM')) }),
    v.description('a user of the database who has the role rds_iam'),
  ),
  plain: v.pipe(
    section({
      user: v.pipe(user(), v.description('who logs in')),
      password: v.pipe(text(/^[\s\S]{1,200}$/, 'text of 1 to 200 characters'), v.description('the password')),
    }),
    v.description('a user and a password that need not be secret; in the sandbox only'),
  ),
});

const network = section({
  subnets: v.pipe(
    listOf(id('subnet'), { least: 1, most: 16, what: 'subnets' }),
    v.description('ids of subnets from which the servers, DynamoDB and Secrets Manager can be reached'),
  ),
  securityGroups: v.pipe(
    listOf(id('sg'), { least: 1, most: 5, what: 'security groups' }),
    v.description('ids of security groups that the servers let in'),
  ),
});

const database = section({
  dialect: v.pipe(oneOf(['postgres'], ['mysql']), v.description('what it speaks: postgres')),
  host: v.pipe(
    host(),
    v.description('the host of the primary, like shop.cluster-abc.eu-west-1.rds.amazonaws.com'),
  ),
  port: v.optional(v.pipe(port(), v.description('its port')), 5432),
  database: v.pipe(user(), v.description('the name of the database on the server')),
  credentials: v.pipe(credentials, v.description('who reads, on every server alike: {secretsManager: NAME}')),
  tls: v.optional(
    v.pipe(
      oneOf(['require', 'off']),
      v.description('off is allowed in the environments sandbox and test only'),
    ),
    'require',
  ),
  network: v.exactOptional(
    v.pipe(network, v.description('the private network of its servers, from which they are read')),
  ),
  replicas: v.optional(
    v.pipe(
      listOf(replica, { least: 0, most: 15, what: 'replicas' }),
      v.description('every replica, each by its own host'),
    ),
    [],
  ),
});

function id(prefix: string) {
  return text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0123456789abcdef0`);
}

function credentialsOf(written: Written['credentials']) {
  if ('secretsManager' in written) return { kind: 'secret' as const, id: written.secretsManager };
  if ('iam' in written) return { kind: 'iam' as const, ...written.iam };
  return { kind: 'plain' as const, ...written.plain };
}

function host() {
  return text(
    /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*$/,
    'the name or the IPv4 address of a host',
    'The port stands beside it.',
  );
}

/** References to the environment come as text. */
function port() {
  const message = must('a port from 1 to 65535');
  return v.pipe(
    v.union([v.number(), v.string()], message),
    v.rawTransform<number | string, number>(({ dataset, addIssue, NEVER }) => {
      const written = String(dataset.value);
      const value = Number(written);
      if (/^\d{1,5}$/.test(written) && value >= 1 && value <= 65_535) return value;
      addIssue({ message: message({ input: dataset.value }) });
      return NEVER;
    }),
  );
}

function user() {
  return text(/^\S{1,63}$/, 'a name of 1 to 63 characters without white space');
}
