export interface Reference {
  readonly reference: string;
  readonly namespace: string;
  readonly key: string;
}

const REFERENCE = /#\{([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)\}/g;

/** The `#{namespace.key}` in a value of an action's configuration. */
export function referencesIn(value: string): readonly Reference[] {
  return [...value.matchAll(REFERENCE)].map(([reference, namespace = '', key = '']) => ({
    reference,
    namespace,
    key,
  }));
}

/** `known` by namespace. What nobody told stays as it is, and is told apart. */
export function resolved(
  configuration: Readonly<Record<string, string>>,
  known: Readonly<Record<string, Readonly<Record<string, string>>>>,
): { readonly configuration: Readonly<Record<string, string>>; readonly unknown: readonly string[] } {
  const told = ({ namespace, key }: Reference) => known[namespace]?.[key];
  const unknown = Object.values(configuration)
    .flatMap(referencesIn)
    .filter((each) => told(each) === undefined)
    .map(({ reference }) => reference);
  const replaced = Object.entries(configuration).map(([key, value]) => [
    key,
    value.replace(REFERENCE, (reference, namespace: string, name: string) => {
      return told({ reference, namespace, key: name }) ?? reference;
    }),
  ]);
  return { configuration: Object.fromEntries(replaced), unknown };
}
