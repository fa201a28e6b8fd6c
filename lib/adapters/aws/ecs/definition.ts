import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ContainerSettings, Definition } from '../../../drill/validations/definition.ts';

/** A task definition as it is compared. What ECS adds when it is registered is left out. */
export function definitionOf({ containerDefinitions = [] }: TaskDefinition): Definition {
  return Object.fromEntries(
    containerDefinitions.map((container) => [container.name ?? '', settingsOf(container)]),
  );
}

/** Where the values of its secrets come from, each once. */
export function secretsIn({ containerDefinitions = [] }: TaskDefinition): readonly string[] {
  const references = containerDefinitions.flatMap(({ secrets = [] }) =>
    secrets.map(({ valueFrom }) => valueFrom),
  );
  return [...new Set(references.flatMap((reference) => reference ?? []))];
}

function settingsOf({
  name: _,
  image,
  environment,
  secrets,
  ...others
}: ContainerDefinition): ContainerSettings {
  return {
    image: image ?? '',
    environment: Object.fromEntries((environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
    secrets: Object.fromEntries((secrets ?? []).map(({ name, valueFrom }) => [name ?? '', valueFrom ?? ''])),
    others: JSON.stringify(others),
  };
}
