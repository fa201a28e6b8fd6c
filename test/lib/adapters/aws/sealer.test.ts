import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { invokedSealer } from '../../../../lib/adapters/aws/sealer.ts';
import type { Sealer } from '../../../../lib/ports/sealer.ts';
import { SealEvent } from '../../../../lib/steps/seal-event.ts';
import { validatedDrill } from '../../../fixtures/validated-drill.ts';

const { drill } = validatedDrill('configuration', 'required: true');
const FENCE = { 'ecs:demo/shop': 3 };
const SEALED = { kind: 'sealed', outcome: 'rescued', reason: 'the execution ended as FAILED', whole: true };

let server: Server | undefined;
let asked: unknown;
afterEach(() => server?.close());

test('that somebody else has taken the drill over is told by its name', async () => {
  const sealer = await sealerThat({ throws: '{"errorType":"FenceRaised","errorMessage":"fence 4"}' });
  await expect(sealer.seal({ ...drill, fence: FENCE })).rejects.toMatchObject({
    name: 'FenceRaised',
    message: 'fence 4',
  });
});

test.each([['<html>'], [''], ['{"errorMessage":"no type"}']])('what broke is no seal: %j', async (thrown) => {
  const sealer = await sealerThat({ throws: thrown });
  await expect(sealer.seal(drill)).rejects.toThrow(`the drill was not sealed: ${thrown}`);
  await expect(sealer.finish('drill-1')).rejects.toThrow('the drill was not sealed');
});

test.each([['null'], ['{"kind":"sealed"}'], ['{"warm":true}']])(
  'no answer but a seal is one: %j',
  async (answer) => {
    const sealer = await sealerThat({ answers: answer });
    await expect(sealer.seal(drill)).rejects.toThrow();
  },
);

test('the drill is sealed with the fence of whoever has taken it over, and measured by the sealer alone', async () => {
  const sealer = await sealerThat({ answers: JSON.stringify({ ...SEALED, measured: { target: 'shop' } }) });
  expect(await sealer.seal({ ...drill, fence: FENCE })).toEqual(SEALED);
  expect(v.parse(SealEvent, asked)).toEqual({ drillId: 'drill-1', takenOver: { fence: FENCE } });
});

test('a drill that holds no locks is sealed too', async () => {
  const sealer = await sealerThat({ answers: JSON.stringify(SEALED) });
  await sealer.seal({ ...drill, fence: null });
  expect(v.parse(SealEvent, asked)).toEqual({ drillId: 'drill-1', takenOver: { fence: null } });
});

test('a sealed drill is finished', async () => {
  const sealer = await sealerThat({ answers: 'null' });
  await sealer.finish('drill-1');
  expect(v.parse(SealEvent, asked)).toEqual({ drillId: 'drill-1', isSealed: true });
});

/** Through the SDK to a Lambda whose function answers or throws this. */
async function sealerThat({ answers = '', throws }: { answers?: string; throws?: string }): Promise<Sealer> {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked = JSON.parse(body);
    if (throws !== undefined) response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(throws ?? answers);
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const lambda = new LambdaClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  return invokedSealer(lambda, 'arn:seal-receipt');
}
