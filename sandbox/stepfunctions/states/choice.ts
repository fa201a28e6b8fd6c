import type { ChoiceState } from '../asl.ts';
import { StateError } from '../errors.ts';
import { evaluate, locate, type RunState, type Step, wrongValue } from '../step.ts';

/** A rule that matches brings its own Assign and Output; the state's apply only on the way to Default. */
export const runChoice: RunState<ChoiceState> = async (state, step) => {
  const value = step.input.value;
  for (const [index, rule] of state.Choices.entries()) {
    const at = `Choices[${index}]/`;
    if (await holds(step, rule.Condition, `${at}Condition`))
      return { value, next: rule.Next, producer: rule, at };
  }
  if (state.Default === undefined) throw noChoiceMatched(step);
  return { value, next: state.Default, producer: state, at: '' };
};

async function holds(step: Step, condition: unknown, field: string): Promise<boolean> {
  const value = await evaluate(step, condition, field);
  if (typeof value !== 'boolean') throw wrongValue(step, field, value, 'true or false');
  return value;
}

function noChoiceMatched(step: Step): StateError {
  const cause = `Failed to transition out of the state '${step.name}'. The state does not point to a next state.`;
  return locate(step, new StateError('States.NoChoiceMatched', cause));
}
