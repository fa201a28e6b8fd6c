import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, text } from '../../aws/input.ts';
import { includeTags, name, paging, tags } from '../input.ts';

const HIGHEST_DESIRED_COUNT = 50;
const HIGHEST_PERCENT = 1_000;
const LONGEST_GRACE_SECONDS = 2_147_483_647;

const circuitBreaker = members({
  enable: flag,
  rollback: flag,
  resetOnHealthyTask: v.optional(flag),
  thresholdConfiguration: v.optional(
    members({
      type: oneOf(['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT']),
      value: integer(1, HIGHEST_PERCENT),
    }),
  ),
});

const deploymentConfiguration = members({
  strategy: v.optional(oneOf(['ROLLING'])),
  maximumPercent: v.optional(integer(100, HIGHEST_PERCENT)),
  minimumHealthyPercent: v.optional(integer(0, 100)),
  deploymentCircuitBreaker: v.optional(circuitBreaker),
});

const loadBalancer = members({
  targetGroupArn: text,
  containerName: name,
  containerPort: integer(1, 65_535),
});

const networkConfiguration = members({
  awsvpcConfiguration: v.optional(
    members({
      subnets: listOf(text, 16),
      securityGroups: v.optional(listOf(text, 5)),
      assignPublicIp: v.optional(oneOf(['ENABLED', 'DISABLED'])),
    }),
  ),
});

const controller = members({ type: oneOf(['ECS']) });
const grace = integer(0, LONGEST_GRACE_SECONDS);
const desiredCount = integer(0, HIGHEST_DESIRED_COUNT);

/** Launch type, network configuration and platform version are described again and have no effect here. */
export const createService = members({
  cluster: v.optional(text),
  serviceName: name,
  taskDefinition: text,
  desiredCount,
  loadBalancers: v.optional(listOf(loadBalancer, 1)),
  deploymentConfiguration: v.optional(deploymentConfiguration),
  healthCheckGracePeriodSeconds: v.optional(grace),
  clientToken: v.optional(text),
  launchType: v.optional(oneOf(['FARGATE', 'EC2'])),
  networkConfiguration: v.optional(networkConfiguration),
  platformVersion: v.optional(text),
  schedulingStrategy: v.optional(oneOf(['REPLICA'])),
  deploymentController: v.optional(controller),
  tags: v.optional(tags),
});

export const updateService = members({
  cluster: v.optional(text),
  service: text,
  taskDefinition: v.optional(text),
  forceNewDeployment: v.optional(flag),
  desiredCount: v.optional(desiredCount),
  deploymentConfiguration: v.optional(deploymentConfiguration),
  healthCheckGracePeriodSeconds: v.optional(grace),
  deploymentController: v.optional(controller),
});

export const describeServices = members({
  cluster: v.optional(text),
  services: listOf(text, 10, 1),
  include: includeTags,
});

export const deleteService = members({ cluster: v.optional(text), service: text, force: v.optional(flag) });

export const listServices = members({
  cluster: v.optional(text),
  launchType: v.optional(oneOf(['FARGATE', 'EC2'])),
  schedulingStrategy: v.optional(oneOf(['REPLICA'])),
  ...paging(100),
});

export type ServiceInput = v.InferOutput<typeof createService>;
export type DeploymentConfigurationInput = v.InferOutput<typeof deploymentConfiguration>;
