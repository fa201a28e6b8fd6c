import type { Metafile } from 'esbuild';

/** What is asked of the SDK by name: clients, commands, and what signs for a database. */
const ASKED =
  /node_modules\/(@aws-sdk\/(?:client-[a-z0-9-]+|lib-dynamodb|rds-signer))\/dist-es\/(?:commands\/)?(\w+(?:Client|Command)|Signer)\.js$/;

/**
 * The program that the SDK alone would be: the clients that are in a function's bundle, made, and the commands that it sends,
 * without a line of ours. By the bundle's metafile.
 */
export function bareClients({ inputs }: Metafile['outputs'][string]): string {
  const paths = Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0);
  const asked = paths.flatMap((path) => {
    const [, from, name] = ASKED.exec(path) ?? [];
    return from && name ? [{ from, name }] : [];
  });
  if (paths.some((path) => path.includes('node_modules/pg/'))) asked.push({ from: 'pg', name: 'Client' });
  // Both clients of DynamoDB have commands of the same name.
  const imports = asked.map(({ from, name }, index) => `import { ${name} as sdk${index} } from '${from}';`);
  const dynamo = asked.findIndex(({ name }) => name === 'DynamoDBClient');
  return [
    ...imports,
    `export const bare = [${asked.map(({ name }, index) => made(name, index, dynamo))}];`,
  ].join('\n');
}

/** Clients are made as the functions make them: when they are loaded. */
function made(name: string, index: number, dynamo: number): string {
  if (name === 'DynamoDBDocumentClient') return `sdk${index}.from(new sdk${dynamo}({}))`;
  return name.endsWith('Client') && name !== 'Client' ? `new sdk${index}({})` : `sdk${index}`;
}
