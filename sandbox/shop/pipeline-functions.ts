import { join } from 'node:path';
import type { FunctionConfiguration } from '../lambda/service.ts';

/** The functions that the shop's pipeline invokes. `environment` points AWS clients at the sandbox. */
export function shopPipelineFunctions(
  environment: Readonly<Record<string, string>>,
  shopUrl: string,
): readonly FunctionConfiguration[] {
  const called = (name: string, handler: string): FunctionConfiguration => ({
    name,
    directory: join(import.meta.dirname, 'pipeline'),
    handler: `index.${handler}`,
    timeoutSeconds: 60,
    memoryMb: 128,
    environment: { ...environment, SHOP_URL: shopUrl },
  });
  return [
    called('shop-render-images', 'renderImages'),
    called('shop-smoke-test', 'smokeTest'),
    called('shop-promote', 'promote'),
  ];
}
