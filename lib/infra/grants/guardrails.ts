import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { DeployablePlan } from '../plans.ts';
import { allow, type Grant, type Surroundings } from './grant.ts';

/* What guardrails, stop conditions and triggers read. Nothing here changes anything. */

export function readSafetySwitch({ safetySwitch }: Surroundings): Grant {
  return {
    statements: allow(['ssm:GetParameter'], [safetySwitch.parameterArn]),
    environment: { SAFETY_SWITCH_PARAMETER: safetySwitch.parameterName },
  };
}

/** Only the switch that the stack has made: another one is not ours to turn. */
export function turnSafetySwitch({ safetySwitch, ownsSafetySwitch }: Surroundings): Grant {
  const resources = ownsSafetySwitch ? [safetySwitch.parameterArn] : [];
  return { statements: allow(['ssm:PutParameter'], resources), environment: {} };
}

/** Those that guardrails, stop conditions and triggers name. */
export function readAlarms({ plans, targets }: Surroundings): Grant {
  const named =
    targets.alarms.length > 0 ||
    plans.some(
      ({ guardrails, stopConditions }) => guardrails.alarms.length + stopConditions.alarms.length > 0,
    );
  // '*': composite alarms are described on everything or not at all.
  return reading('cloudwatch:DescribeAlarms', named ? ['*'] : []);
}

export function readCalendars({ scope, plans }: Surroundings): Grant {
  const names = plans.flatMap(({ guardrails }) => guardrails.changeCalendars);
  const arns = names.map((name) =>
    name.startsWith('arn:')
      ? name
      : Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: name }),
  );
  return reading('ssm:GetCalendarState', distinct(arns));
}

/** Those by which the census counts. */
export function readMetricsOfCensus({ plans }: Surroundings): Grant {
  const counts = plans.flatMap(({ sideEffects }) => sideEffects.flatMap(({ count }) => count ?? []));
  // '*': this action knows no resource.
  return reading('cloudwatch:GetMetricData', counts.some((count) => 'metric' in count) ? ['*'] : []);
}

/** Every repository of the account, because what runs is found only when a drill runs, and those of others that plans name. */
export function readImages({ scope, plans }: Surroundings): Grant {
  const own = Stack.of(scope).formatArn({
    service: 'ecr',
    region: '*',
    resource: 'repository',
    resourceName: '*',
  });
  const others = plans.flatMap(imagesOf).flatMap((image) => repositoryOf(scope, image));
  return reading('ecr:DescribeImages', plans.length > 0 ? distinct([own, ...others]) : []);
}

/** Of the topic of the stack, and of those that plans name. */
export function readChannels({ topic, plans }: Surroundings): Grant {
  const own = plans.flatMap(({ notifications }) => notifications.topicArn ?? []);
  return {
    statements: allow(['sns:GetTopicAttributes'], distinct([topic.topicArn, ...own])),
    environment: { TOPIC_ARN: topic.topicArn },
  };
}

/** Needs no permission: those of the plans that are deployed. */
export function knowEnvironments({ plans }: Surroundings): Grant {
  const environments = distinct(plans.map(({ environment }) => environment)).join(',');
  return { statements: [], environment: { ALLOWED_ENVIRONMENTS: environments } };
}

function imagesOf({ knownBad }: DeployablePlan): readonly string[] {
  return Object.values(knownBad.releases).flatMap((release) =>
    release.kind === 'override' && release.image !== undefined ? [release.image] : [],
  );
}

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG` → its ARN; nothing for other registries. */
function repositoryOf(scope: Surroundings['scope'], image: string): readonly string[] {
  const { account, region, resourceName } =
    /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.[a-z.]+\/(?<resourceName>[^:@]+)/.exec(
      image,
    )?.groups ?? {};
  if (!account || !region || !resourceName) return [];
  const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
  return [
    Stack.of(scope).formatArn({
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName,
      arnFormat,
    }),
  ];
}

function reading(action: string, resources: readonly string[]): Grant {
  return { statements: allow([action], resources), environment: {} };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
