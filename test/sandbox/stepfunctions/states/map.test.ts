import { expect, it } from 'vitest';
import { functionError, gate, invoke, machine, part, result, startRig } from '../rig.ts';

const each = (processor: object, more: object = {}) =>
  machine({ Each: { Type: 'Map', ItemProcessor: processor, ...more, End: true } });

const payload = { Output: '{% $states.result.Payload %}', End: true };

it.each([{ a: 1 }, 'text', null])('refuses to go through %j, which is not an array', async (items) => {
  const rig = await startRig();
  const ending = await rig.run(each(part({ One: { Type: 'Pass', End: true } })), items);
  expect(ending.error).toBe('States.QueryEvaluationError');
});

it('never runs more iterations at a time than MaxConcurrency, and keeps the order of the items', async () => {
  let running = 0;
  let most = 0;
  const rig = await startRig({
    work: async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10 - Number(item)));
      running -= 1;
      return result(Number(item) * 10);
    },
  });
  const processor = part({ Work: invoke('work', payload) });
  const ending = await rig.run(each(processor, { MaxConcurrency: '{% 1 + 1 %}' }), [1, 2, 3, 4, 5]);
  expect(ending.output).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

it('starts no further iteration after one failed, and ends those that run', async () => {
  const seen: unknown[] = [];
  const never = gate<never>();
  const rig = await startRig({
    work: (item) => {
      seen.push(item);
      return item === 2 ? functionError('Second') : never.promise;
    },
  });
  const ending = await rig.run(each(part({ Work: invoke('work') }), { MaxConcurrency: 2 }), [1, 2, 3, 4]);
  expect(ending).toMatchObject({ status: 'FAILED', error: 'Second' });
  expect(seen).toEqual([1, 2]);
  const types = (await rig.history(ending.executionArn)).map((event) => event.type);
  expect(types.slice(-6)).toEqual([
    'TaskFailed',
    'MapIterationFailed',
    'TaskStateAborted',
    'MapIterationAborted',
    'MapStateFailed',
    'ExecutionFailed',
  ]);
});

it('shapes each input with ItemSelector, and shows the item in the context of the iteration', async () => {
  const rig = await startRig();
  const processor = part({
    See: {
      Type: 'Pass',
      Output: { input: '{% $states.input %}', index: '{% $states.context.Map.Item.Index %}' },
      End: true,
    },
  });
  const ending = await rig.run(
    each(processor, {
      Items: '{% $states.input.items %}',
      ItemSelector: {
        value: '{% $states.context.Map.Item.Value %}',
        all: '{% $count($states.input.items) %}',
      },
    }),
    { items: ['a'] },
  );
  expect(ending.output).toEqual([{ input: { value: 'a', all: 1 }, index: 0 }]);
});

it('has an empty result for an empty array', async () => {
  const rig = await startRig();
  const ending = await rig.run(each(part({ One: { Type: 'Pass', End: true } })), []);
  expect(ending).toMatchObject({ status: 'SUCCEEDED', output: [] });
});
