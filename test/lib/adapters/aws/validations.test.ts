import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import { invokedValidations } from '../../../../lib/adapters/aws/validations.ts';
import { systemClock } from '../../../../lib/adapters/clock.ts';
import { validatedDrill } from '../../../fixtures/validated-drill.ts';

const { drill, validation } = validatedDrill('configuration', 'required: true');
let server: Server | undefined;
afterEach(() => server?.close());

/** A Lambda whose function has thrown this. */
async function measuredBy(thrown: string): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('x-amz-function-error', 'Unhandled').end(thrown));
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const lambda = new LambdaClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  const validations = invokedValidations(lambda, { configuration: 'arn:configuration' }, systemClock);
  return validations.run(drill, validation, 'before').then(
    () => 'measured',
    ({ name, message }: Error) => `${name}: ${message}`,
  );
}

test('what a function refuses is told as it told it', async () => {
  expect(await measuredBy('{"errorType":"GuardrailRefused","errorMessage":"1 > 0 allowed","trace":[]}')).toBe(
    'GuardrailRefused: 1 > 0 allowed',
  );
});

test.each([['{"errorType":"Sandbox.Timedout","errorMessage":"timed out"}'], ['<html>'], ['']])(
  'what broke otherwise is no refusal: %j',
  async (thrown) => {
    expect(await measuredBy(thrown)).toBe(`ValidationNotRun: configuration: ${thrown}`);
  },
);
