import type { DatabasePorts } from './postgres/start.ts';
import { documentAt } from './state.ts';

/** Ports that the sandbox had the last time; 0 for any. */
export interface Places {
  readonly gatewayPort: number;
  readonly edgePort: number;
  readonly databasePorts?: DatabasePorts;
}

export function usualPlaces(path: string): Places {
  return documentAt<Places>(path, { gatewayPort: 0, edgePort: 0 }).read();
}

export function rememberPlaces(
  path: string,
  gatewayUrl: string,
  edgeUrl: string,
  databasePorts: DatabasePorts,
): void {
  documentAt<Places | undefined>(path, undefined).write({
    gatewayPort: portOf(gatewayUrl),
    edgePort: portOf(edgeUrl),
    databasePorts,
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
