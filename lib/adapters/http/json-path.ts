const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]/g;

/** The value at a path like `$.items[0].sku` of a parsed JSON document; `undefined` when there is none. */
export function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const [, name, index] of path.matchAll(STEP)) {
    value = name === undefined ? itemOf(value, Number(index)) : memberOf(value, name);
  }
  return value;
}

/** The parsed document; `undefined` when the text is no JSON, which no JSON text stands for. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a JSON value is, for people. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

function itemOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value[index] as unknown) : undefined;
}

/** Only what the document has itself: `$.constructor` and the length of a list are nothing. */
function memberOf(value: unknown, name: string): unknown {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMapping && Object.hasOwn(value, name) ? (Reflect.get(value, name) as unknown) : undefined;
}
