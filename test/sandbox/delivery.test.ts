import { expect, test } from 'vitest';
import { deliverTo } from '../../sandbox/delivery.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:witness';
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:drill';
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alarms';

function receivers(errorType?: string) {
  const received: unknown[] = [];
  const deliver = deliverTo({
    invokeFunction: async (...call) => {
      received.push(call);
      return errorType
        ? { kind: 'function-error', errorType, errorMessage: 'later' }
        : { kind: 'result', payload: null };
    },
    startExecution: (...call) => {
      received.push(call);
    },
    publish: async (...call) => {
      received.push(call);
    },
  });
  return { deliver, received };
}

test('rejects what it cannot deliver to', async () => {
  const { deliver } = receivers();
  await expect(deliver('arn:aws:sqs:us-east-1:000000000000:queue', {})).rejects.toThrow('cannot deliver to');
  await expect(deliver('nonsense', {})).rejects.toThrow('cannot deliver to nonsense');
});

test('rejects when the function ended in an error', async () => {
  const { deliver } = receivers('NotReady');
  await expect(deliver(functionArn, {})).rejects.toThrow('failed: NotReady: later');
});

test('delivers by the service in the ARN', async () => {
  const { deliver, received } = receivers();
  await deliver(functionArn, { n: 1 });
  await deliver(machineArn, { n: 2 });
  await deliver(topicArn, { n: 3 });
  await deliver(topicArn, 'text');
  expect(received).toEqual([
    [functionArn, { n: 1 }],
    [machineArn, { n: 2 }],
    [topicArn, '{"n":3}'],
    [topicArn, 'text'],
  ]);
});
