import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import { cloudWatch, ecs } from '../../adapters/aws/clients.ts';
import { UsageError } from '../command.ts';
import type { FoundAlarm, FoundService } from './found.ts';

/** Reads a service, and nothing of it is changed. */
export async function readService(cluster: string, name: string): Promise<FoundService> {
  const service = await described(cluster, name);
  const [balanced] = service.loadBalancers ?? [];
  const targetGroupArn = balanced?.targetGroupArn ?? null;
  const targetGroup = targetGroupArn?.replace(/^.*:(?=targetgroup\/)/, '') ?? null;
  const alarms = await alarmsOf({ cluster, service: name, targetGroup });
  return {
    cluster,
    service: name,
    tasks: service.desiredCount ?? 0,
    containers: await containersOf(service.taskDefinition ?? ''),
    targetGroup,
    targetGroupArn,
    loadBalancer: alarms.flatMap(({ dimensions }) => dimensions.get('LoadBalancer') ?? [])[0] ?? null,
    rollsBackItself: service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true,
    alarms: alarms.map(({ name: alarm, state }) => ({ name: alarm, state })),
  };
}

async function described(cluster: string, name: string): Promise<Service> {
  const { services = [] } = await ecs()
    .send(new DescribeServicesCommand({ cluster, services: [name] }))
    .catch((error: Error) => {
      throw new UsageError(`--ecs: ${cluster}/${name} cannot be read: ${error.name}: ${error.message}`);
    });
  const [service] = services;
  if (service?.status === 'ACTIVE') return service;
  const found = service ? `it is ${service.status}` : 'there is none of that name in this account and Region';
  throw new UsageError(
    `--ecs: must be an ACTIVE service, like CLUSTER/SERVICE; received ${cluster}/${name}: ${found}.`,
  );
}

async function containersOf(taskDefinition: string): Promise<FoundService['containers']> {
  const found = await ecs().send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const containers = found.taskDefinition?.containerDefinitions ?? [];
  return containers.map(({ name = '', image = '' }) => ({ name, image }));
}

interface AlarmWithDimensions extends FoundAlarm {
  readonly dimensions: ReadonlyMap<string, string>;
}

const MOST_PAGES = 50;
const PAGE = 100;

/** Those that look at the service, or at its target group. */
async function alarmsOf(of: {
  readonly cluster: string;
  readonly service: string;
  readonly targetGroup: string | null;
}): Promise<readonly AlarmWithDimensions[]> {
  const found: AlarmWithDimensions[] = [];
  let pages = 0;
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: cloudWatch(), pageSize: PAGE },
    {},
  )) {
    for (const { AlarmName, StateValue, Dimensions = [], Metrics = [] } of MetricAlarms) {
      const all = [
        Dimensions,
        ...Metrics.map(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
      ].flat();
      const dimensions = new Map(all.map(({ Name = '', Value = '' }) => [Name, Value]));
      const isOfService =
        dimensions.get('ClusterName') === of.cluster && dimensions.get('ServiceName') === of.service;
      const isOfGroup = of.targetGroup !== null && dimensions.get('TargetGroup') === of.targetGroup;
      if (isOfService || isOfGroup)
        found.push({ name: AlarmName ?? '', state: StateValue ?? 'unknown', dimensions });
    }
    pages += 1;
    if (pages >= MOST_PAGES) break;
  }
  return found;
}
