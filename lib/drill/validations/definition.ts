/** What tasks are started with, by container. Its values may be secret. */
export type Definition = Readonly<Record<string, ContainerSettings>>;

export interface ContainerSettings {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** By variable, where its value comes from. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Everything else, as one text. */
  readonly others: string;
}

/** What is different, by name; no value is told. */
export function definitionChanges(before: Definition, now: Definition): readonly string[] {
  return namesOf(before, now).flatMap((container) => {
    const [was, is] = [before[container], now[container]];
    if (!was) return [`container ${container} was added`];
    if (!is) return [`container ${container} was removed`];
    return [
      ...(was.image === is.image ? [] : [`image of container ${container} was changed`]),
      ...changed(`environment of container ${container}`, was.environment, is.environment),
      ...changed(`secrets of container ${container}`, was.secrets, is.secrets),
      ...(was.others === is.others ? [] : [`other settings of container ${container} were changed`]),
    ];
  });
}

type Values = Readonly<Record<string, string>>;

function changed(where: string, before: Values, now: Values): readonly string[] {
  return namesOf(before, now).flatMap((name) => {
    if (!Object.hasOwn(before, name)) return [`${name} in the ${where} was added`];
    if (!Object.hasOwn(now, name)) return [`${name} in the ${where} was removed`];
    return before[name] === now[name] ? [] : [`${name} in the ${where} was changed`];
  });
}

function namesOf(before: object, now: object): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])];
}
