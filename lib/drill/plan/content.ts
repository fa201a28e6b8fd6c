export interface Content {
  headers: Record<string, string>;
  body?: string;
}

/** The names of headers in lower case, and the type of a body that was written as a mapping or list. */
export function contentOf(
  written: Readonly<Record<string, string>>,
  body: { readonly text: string; readonly isJson: boolean } | undefined,
): Content {
  const headers = Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body === undefined) return { headers };
  const type = body.isJson ? { 'content-type': 'application/json' } : {};
  return { headers: { ...type, ...headers }, body: body.text };
}
