/** The form fields of a request, by their AWS Query names such as `MessageAttributes.entry.1.Name`. */
export type Parameters = Readonly<Record<string, string>>;

export interface MessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

export function messageAttributesFrom(input: Parameters): Readonly<Record<string, MessageAttribute>> {
  const attributes: Record<string, MessageAttribute> = {};
  for (let index = 1; ; index += 1) {
    const entry = `MessageAttributes.entry.${index}`;
    const name = input[`${entry}.Name`];
    if (name === undefined) return attributes;
    attributes[name] = {
      Type: input[`${entry}.Value.DataType`] ?? '',
      Value: input[`${entry}.Value.StringValue`] ?? input[`${entry}.Value.BinaryValue`] ?? '',
    };
  }
}
