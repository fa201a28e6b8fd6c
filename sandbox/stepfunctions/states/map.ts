import type { MapState } from '../asl.ts';
import { type Branch, innerBranch, record } from '../branch.ts';
import type { Cancellation } from '../cancellation.ts';
import { Cancelled } from '../errors.ts';
import { type Payload, payloadOf } from '../payload.ts';
import { evaluate, evaluateInteger, type RunState, type Step, wrongValue } from '../step.ts';
import { allOrFirstFailure } from './together.ts';

/** Of an inline Map on AWS, and so also what 0 means. */
const MOST_CONCURRENT = 40;

/** The result holds one output per item, in their order. The first failure ends the other iterations at once. */
export const runMap: RunState<MapState> = async (state, step) => {
  const { branch } = step;
  const items = await itemsOf(state, step);
  const limit = await concurrencyOf(state, step);
  record(branch, 'MapStateStarted', { length: items.length });
  try {
    const outputs = await allOrFirstFailure(branch, items, limit, (item, siblings, index) =>
      iterate(state, step, { Index: index, Value: item }, siblings),
    );
    const value = outputs.map((output) => output.value);
    record(branch, 'MapStateSucceeded');
    return { value, result: { value }, next: state.Next, producer: state, at: '' };
  } catch (thrown) {
    record(branch, 'MapStateFailed');
    throw thrown;
  }
};

async function itemsOf(state: MapState, step: Step): Promise<readonly unknown[]> {
  const items = 'Items' in state ? await evaluate(step, state.Items, 'Items') : step.input.value;
  if (!Array.isArray(items)) throw wrongValue(step, 'Items', items, 'an array');
  return items;
}

async function concurrencyOf(state: MapState, step: Step): Promise<number> {
  const { MaxConcurrency = 0 } = state;
  const asked = await evaluateInteger(step, MaxConcurrency, 'MaxConcurrency', [0, Number.MAX_SAFE_INTEGER]);
  return asked === 0 ? MOST_CONCURRENT : Math.min(asked, MOST_CONCURRENT);
}

async function iterate(
  state: MapState,
  step: Step,
  mapItem: { readonly Index: number; readonly Value: unknown },
  siblings: Cancellation,
): Promise<Payload> {
  const inner = innerBranch(step.branch, siblings, mapItem);
  const details = { name: step.name, index: mapItem.Index };
  const forget = inner.cancellation.onCancel(() => record(inner, 'MapIterationAborted', details));
  try {
    record(inner, 'MapIterationStarted', details);
    const output = await inner.run.runMachine(state.ItemProcessor, await inputOf(state, step, inner), inner);
    record(inner, 'MapIterationSucceeded', details);
    return output;
  } catch (thrown) {
    if (!(thrown instanceof Cancelled)) record(inner, 'MapIterationFailed', details);
    throw thrown;
  } finally {
    forget();
    inner.cancellation.release();
  }
}

async function inputOf(state: MapState, step: Step, { mapItem }: Branch): Promise<Payload> {
  const selected =
    'ItemSelector' in state && mapItem
      ? await evaluate(step, state.ItemSelector, 'ItemSelector', { mapItem })
      : mapItem?.Value;
  return payloadOf(selected, 'The input of the iteration');
}
