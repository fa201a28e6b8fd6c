import { join } from 'node:path';
import type { FunctionConfiguration } from '../lambda/service.ts';

/** Functions that the team has of its own. `settings` are those of the shop's tasks. */
export function shopFunctions(settings: Readonly<Record<string, string>>): readonly FunctionConfiguration[] {
  return [
    {
      name: 'shop-undo-migration',
      directory: join(import.meta.dirname, 'undo-migration'),
      handler: 'index.handler',
      timeoutSeconds: 60,
      memoryMb: 128,
      environment: settings,
    },
  ];
}
