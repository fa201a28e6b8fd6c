import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Database } from '../../drill/plan/plan.ts';
import type { ValidationKind } from '../../drill/validation.ts';
import type { DeployablePlan } from '../plans.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';
import { secretArn } from './secrets.ts';

/**
 * The certificates of RDS, which the runtime of Lambda brings along and does not load by itself.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const CERTIFICATES = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };

/** To log in to the databases of the plans that have a validation of that kind. What may be read there, the database decides. */
export function readDatabasesOf(kind: ValidationKind): (surroundings: Surroundings) => Grant {
  return function readDatabases(surroundings) {
    return logIn(
      surroundings,
      surroundings.plans.flatMap((plan) => databasesIn(plan, kind)),
    );
  };
}

/** Those in which a plan counts its side effects. */
export function readDatabasesOfCensus(surroundings: Surroundings): Grant {
  const named = surroundings.plans.flatMap(({ databases, sideEffects }) =>
    sideEffects.flatMap(({ count }) =>
      count && 'sql' in count ? (databases[count.sql.database] ?? []) : [],
    ),
  );
  return logIn(surroundings, named);
}

function logIn({ scope }: Surroundings, databases: readonly Database[]): Grant {
  const secrets = databases.flatMap(({ credentials }) =>
    credentials.kind === 'secret' ? secretArn(scope, credentials.id) : [],
  );
  const users = databases.flatMap(({ credentials }) => (credentials.kind === 'iam' ? credentials.user : []));
  const statements = [
    ...allow(['secretsmanager:GetSecretValue'], [...new Set(secrets)]),
    ...allow(
      ['rds-db:connect'],
      [...new Set(users)].map((user) => userArn(scope, user)),
    ),
  ];
  const environment = databases.length > 0 ? CERTIFICATES : {};
  return { statements, environment, ...networkOf(databases) };
}

/** A function is in one network only. */
function networkOf(databases: readonly Database[]): Pick<Grant, 'network'> {
  const named = databases.flatMap(({ name, network }) => (network ? [{ name, network }] : []));
  const [first] = named;
  const other = named.find(({ network }) => JSON.stringify(network) !== JSON.stringify(first?.network));
  if (!first) return {};
  if (!other) return { network: first.network };
  throw new Error(
    `the databases ${first.name} and ${other.name} are in different networks (${first.network.subnets} and ` +
      `${other.network.subnets}), and one function reads both. Name subnets that reach both, in all plans alike.`,
  );
}

function databasesIn({ databases, validations }: DeployablePlan, kind: ValidationKind): readonly Database[] {
  return validations.flatMap((validation) => {
    if (validation.kind !== 'replica-schema' && validation.kind !== 'data-consistency') return [];
    if (validation.kind !== kind) return [];
    return databases[validation.database] ?? [];
  });
}

/** Instances come and go with ids of their own; the user is made for this purpose, and may do the same on each. */
function userArn(scope: Surroundings['scope'], user: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({
    service: 'rds-db',
    resource: 'dbuser',
    resourceName: `*/${user}`,
    arnFormat,
  });
}
