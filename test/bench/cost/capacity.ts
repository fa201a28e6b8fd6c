/** What requests of DynamoDB are charged. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */

export type Json = Readonly<Record<string, unknown>>;

/** How large an item is, in bytes: its names and values. */
export function itemBytes(item: Json): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value as Json),
    0,
  );
}

/** What a transaction writes counts twice, and so does what it only looks at. `bytesAt` tells how large what is there is. */
export async function transactionUnits(
  { TransactItems = [] }: { readonly TransactItems?: readonly Json[] },
  bytesAt: (table: unknown, key: unknown) => Promise<number>,
): Promise<number> {
  const units = TransactItems.map(async (action) => {
    const [each] = Object.values(action) as readonly { Item?: Json; TableName?: unknown; Key?: unknown }[];
    const bytes = each?.Item ? itemBytes(each.Item) : await bytesAt(each?.TableName, each?.Key);
    return 2 * Math.max(1, Math.ceil(bytes / 1_024));
  });
  return (await Promise.all(units)).reduce((sum, each) => sum + each, 0);
}

function valueBytes(value: Json): number {
  const [[type = '', inside] = []] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(inside as string);
    case 'N':
      return Math.ceil((inside as string).length / 2) + 1;
    case 'L':
      return 3 + (inside as readonly Json[]).reduce((sum, each) => sum + valueBytes(each) + 1, 0);
    case 'M':
      return 3 + itemBytes(inside as Json) + Object.keys(inside as Json).length;
    case 'BOOL':
    case 'NULL':
      return 1;
    default:
      return Buffer.byteLength(JSON.stringify(inside));
  }
}
