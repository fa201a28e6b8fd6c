import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, text } from '../../aws/input.ts';
import { name, tags } from '../input.ts';

const HIGHEST_PORT = 65_535;
const HIGHEST_MEMORY_MIB = 245_760;
const LONGEST_STOP_TIMEOUT_SECONDS = 120;

const portMapping = members({
  containerPort: integer(1, HIGHEST_PORT),
  hostPort: v.optional(integer(0, HIGHEST_PORT)),
  protocol: v.optional(oneOf(['tcp'])),
  name: v.optional(name),
  appProtocol: v.optional(oneOf(['http'])),
});

/** ECS describes these as empty lists, and whoever registers what was described sends them back. */
const empty = (what: string) =>
  v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0, `must be empty: the sandbox has no ${what}`)));

const containerDefinition = members({
  name,
  image: text,
  essential: v.optional(v.literal(true, 'must be true: the only container of a task is essential')),
  environment: v.optional(listOf(members({ name: text, value: v.string('must be a string') }), 500)),
  secrets: v.optional(listOf(members({ name: text, valueFrom: text }), 100)),
  entryPoint: v.optional(listOf(text, 100)),
  command: v.optional(listOf(text, 100)),
  portMappings: v.optional(listOf(portMapping, 1)),
  stopTimeout: v.optional(integer(0, LONGEST_STOP_TIMEOUT_SECONDS)),
  mountPoints: empty('volumes'),
  volumesFrom: empty('volumes'),
  systemControls: empty('system controls'),
  cpu: v.optional(integer(0, 10_240)),
  memory: v.optional(integer(6, HIGHEST_MEMORY_MIB)),
  memoryReservation: v.optional(integer(6, HIGHEST_MEMORY_MIB)),
  dockerLabels: v.optional(v.record(v.string(), v.string())),
  logConfiguration: v.optional(
    members({ logDriver: text, options: v.optional(v.record(v.string(), v.string())) }),
  ),
});

const compatibilities = ['EC2', 'FARGATE'] as const;

const described = {
  family: name,
  containerDefinitions: v.pipe(
    v.array(containerDefinition, 'must be a list'),
    v.length(1, 'must have exactly one container: the sandbox runs one process per task'),
  ),
  taskRoleArn: v.optional(text),
  executionRoleArn: v.optional(text),
  networkMode: v.optional(oneOf(['awsvpc', 'bridge', 'host'])),
  requiresCompatibilities: v.optional(listOf(oneOf(compatibilities), compatibilities.length)),
  cpu: v.optional(text),
  memory: v.optional(text),
  runtimePlatform: v.optional(
    members({ cpuArchitecture: v.optional(text), operatingSystemFamily: v.optional(text) }),
  ),
  volumes: empty('volumes'),
  placementConstraints: empty('container instances'),
  enableFaultInjection: v.optional(v.pipe(flag, v.literal(false, 'must be false in the sandbox'))),
};

/** Roles, sizes, network mode, platform, labels and log configuration are described again and have no effect here. */
const taskDefinition = members(described);

export const registerTaskDefinition = members({ ...described, tags: v.optional(tags) });

export type TaskDefinitionInput = v.InferOutput<typeof taskDefinition>;
export type ContainerDefinition = v.InferOutput<typeof containerDefinition>;
