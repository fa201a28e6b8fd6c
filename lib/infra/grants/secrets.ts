import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { SecretReference } from '../../drill/plan/secret.ts';
import type { ValidationKind } from '../../drill/validation.ts';
import type { DeployablePlan } from '../plans.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';

/**
 * The secrets that validations of one kind name. A key of your own that encrypts them must itself allow these functions to
 * decrypt; those of AWS do.
 */
export function readSecretsOf(kind: ValidationKind): (surroundings: Surroundings) => Grant {
  return function readSecrets({ scope, plans }) {
    const named = plans.flatMap((plan) => secretsIn(plan, kind));
    const arnsOf = (of: SecretReference['kind'], arnFor: typeof secretArn): readonly string[] => [
      ...new Set(named.filter(({ kind }) => kind === of).map(({ id }) => arnFor(scope, id))),
    ];
    const statements = [
      ...allow(['secretsmanager:GetSecretValue'], arnsOf('secrets-manager', secretArn)),
      ...allow(['ssm:GetParameter'], arnsOf('ssm-parameter', parameterArn)),
    ];
    return { statements, environment: {} };
  };
}

function secretsIn({ validations }: DeployablePlan, kind: ValidationKind): readonly SecretReference[] {
  return validations.flatMap((validation) =>
    validation.kind === kind && 'secrets' in validation ? Object.values(validation.secrets) : [],
  );
}

/** Secrets Manager adds six characters to a name, which an ARN may leave out. */
export function secretArn(scope: Surroundings['scope'], id: string): string {
  if (/^arn:.*-[A-Za-z0-9]{6}$/.test(id)) return id;
  if (id.startsWith('arn:')) return `${id}-??????`;
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const resourceName = `${id}-??????`;
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName,
    arnFormat,
  });
}

function parameterArn(scope: Surroundings['scope'], id: string): string {
  if (id.startsWith('arn:')) return id;
  const resourceName = id.replace(/^\//, '');
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
}
