import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import * as v from 'valibot';
import type { Entry } from '../../../drill/entry.ts';
import { beforeOf } from '../../../drill/journal.ts';
import type { Plan } from '../../../drill/plan/plan.ts';
import {
  CONFIGURATION_PARTS,
  type ConfigurationFacts,
  configuration,
  type Setting,
  type Unread,
} from '../../../drill/validations/configuration.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Drill } from '../../../ports/drills.ts';
import type { Ports as AllPorts } from '../../../ports/ports.ts';
import type { Validator } from '../../../ports/validations.ts';
import { sameContent } from '../codepipeline/definitions.ts';
import { NOTHING, type SecretVersions } from '../secret-versions.ts';
import { definitionOf, secretsIn } from './definition.ts';
import { digestsOfRevision } from './digests.ts';
import { describe, taskDefinition } from './read.ts';
import { settingsOfService } from './settings.ts';
import type { EcsService } from './target.ts';

interface Ports extends Pick<AllPorts, 'images'> {
  readonly clock: Clock;
  readonly service: (plan: Plan, journal: readonly Entry[]) => EcsService;
  readonly versions: SecretVersions;
}

const LOOK_EVERY_MS = 1_000;

const Measured = v.object({
  taskDefinition: v.string(),
  settings: v.array(
    v.object({
      part: v.picklist(CONFIGURATION_PARTS),
      name: v.string(),
      value: v.string(),
      isShown: v.boolean(),
    }),
  ),
});

/** Compares what the service is set to with what it was before the drill. Waits for what cannot be read yet. */
export function configurationOf(ports: Ports): Validator<'configuration'> {
  return {
    async before({ except }, { plan, journal }) {
      const found = await read(ports, ports.service(plan, journal));
      const settings = found.settings.filter(({ part }) => !except.includes(part)).map(measured);
      return { taskDefinition: found.taskDefinition, settings };
    },
    async judge({ name, except, timeoutMs }, { plan, journal }, signal) {
      const deadline = ports.clock.now() + timeoutMs;
      const kept = v.safeParse(Measured, beforeOf(journal, name));
      for (;;) {
        const facts = await compare(ports, { plan, journal }, kept.success ? kept.output : null);
        const judgement = configuration({ ...facts, except });
        const isOver = ports.clock.now() + LOOK_EVERY_MS >= deadline || signal.aborted;
        if (judgement.verdict !== 'unknown' || !kept.success || isOver) return judgement;
        await ports.clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}

function measured(setting: Setting | Unread): Setting {
  if ('value' in setting && !setting.value.startsWith(NOTHING)) return setting;
  const why = 'why' in setting ? setting.why : setting.value;
  throw new Error(`${setting.name} cannot be compared: ${why}. Set it right, or except ${setting.part}`);
}

async function compare(
  ports: Ports,
  { plan, journal }: Pick<Drill, 'plan' | 'journal'>,
  before: v.InferOutput<typeof Measured> | null,
): Promise<Omit<ConfigurationFacts, 'except'>> {
  if (!before) return { before, now: [], definitions: null };
  const target = ports.service(plan, journal);
  const found = await read(ports, target);
  const facts = { before: before.settings, now: found.settings, definitions: null };
  if (found.taskDefinition === before.taskDefinition) return facts;
  const was = await taskDefinition(target, before.taskDefinition);
  // A pipeline that goes back registers the last healthy release anew.
  const isCopy =
    plan.target.kind === 'codepipeline' && was !== undefined && sameContent(was, found.described);
  return {
    ...facts,
    definitions: { before: was ? definitionOf(was) : null, now: definitionOf(found.described), isCopy },
  };
}

interface Found {
  readonly taskDefinition: string;
  readonly described: TaskDefinition;
  readonly settings: readonly (Setting | Unread)[];
}

async function read(ports: Ports, target: EcsService): Promise<Found> {
  const service = await describe(target);
  const name = service?.taskDefinition ?? '';
  const described = service ? await taskDefinition(target, name) : undefined;
  if (!service || !described)
    throw new Error(`ECS does not tell of service ${target.service} in cluster ${target.cluster}`);
  const [images, tags, secrets] = await Promise.all([
    imagesOf(target, service),
    Promise.all(tagsIn(described).map((image) => tagOf(ports, image))),
    Promise.all(secretsIn(described).map((reference) => secretOf(ports, reference))),
  ]);
  return {
    taskDefinition: name,
    described,
    settings: [...settingsOfService(service), ...images, ...tags, ...secrets],
  };
}

async function imagesOf(target: EcsService, service: Service): Promise<readonly (Setting | Unread)[]> {
  const digests = await digestsOfRevision(target, service.currentServiceRevisions?.[0]?.arn ?? '');
  return Object.entries(digests).map(([container, value]) => {
    const setting = { part: 'images', name: `image of container ${container}` } as const;
    return value === null
      ? { ...setting, why: 'ECS does not tell its digest' }
      : { ...setting, value, isShown: true };
  });
}

/** An image that is named by its digest cannot be moved. */
function tagsIn({ containerDefinitions = [] }: TaskDefinition): readonly string[] {
  const images = containerDefinitions.flatMap(({ image }) => image ?? []);
  return [...new Set(images)].filter((image) => !image.includes('@'));
}

async function tagOf({ images }: Ports, image: string): Promise<Setting | Unread> {
  const setting = { part: 'image-tags', name: `what the tag ${image} names` } as const;
  try {
    const found = await images({ image, digest: null });
    if (found.kind === 'there') return { ...setting, value: found.digest, isShown: true };
    if (found.kind === 'missing') return { ...setting, value: `${NOTHING}: ${found.reason}`, isShown: true };
    return { ...setting, why: `${found.registry} cannot be asked` };
  } catch (error) {
    return { ...setting, why: (error as Error).name };
  }
}

async function secretOf({ versions }: Ports, reference: string): Promise<Setting | Unread> {
  const setting = { part: 'secrets', name: `version of ${reference}` } as const;
  try {
    return { ...setting, value: await versions(reference), isShown: true };
  } catch (error) {
    return { ...setting, why: (error as Error).name };
  }
}
