import { expect, it } from 'vitest';
import { machine, startRig } from '../rig.ts';

const end = (Output: unknown) => ({ Type: 'Pass', Output, End: true });

const graded = machine({
  Grade: {
    Type: 'Choice',
    Choices: [
      {
        Condition: '{% $states.input.n >= 10 %}',
        Assign: { grade: 'high' },
        Output: "{% 'rule' %}",
        Next: 'Show',
      },
      { Condition: '{% $states.input.n >= 5 %}', Next: 'Bare' },
    ],
    Default: 'Show',
    Assign: { grade: 'default' },
    Output: "{% 'state' %}",
  },
  Show: end({ grade: '{% $grade %}', input: '{% $states.input %}' }),
  Bare: end({ assigned: '{% $exists($grade) %}', input: '{% $states.input %}' }),
});

it("does not apply the state's Assign and Output when a rule matched, even a rule without its own", async () => {
  const rig = await startRig();
  expect((await rig.run(graded, { n: 5 })).output).toEqual({ assigned: false, input: { n: 5 } });
});

it("takes the first rule that matches, with that rule's Assign and Output", async () => {
  const rig = await startRig();
  expect((await rig.run(graded, { n: 12 })).output).toEqual({ grade: 'high', input: 'rule' });
});

it("applies the state's Assign and Output on the way to Default", async () => {
  const rig = await startRig();
  expect((await rig.run(graded, { n: 1 })).output).toEqual({ grade: 'default', input: 'state' });
});

it('fails when no rule matches and there is no Default', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({
      Grade: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n = 1 %}', Next: 'One' }] },
      One: { Type: 'Succeed' },
    }),
    { n: 2 },
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

it.each(["{% 'true' %}", '{% 1 %}', '{% $states.input.missing %}'])(
  'does not take %s for a truth value',
  async (Condition) => {
    const rig = await startRig();
    const ending = await rig.run(
      machine({
        Grade: { Type: 'Choice', Choices: [{ Condition, Next: 'One' }], Default: 'One' },
        One: { Type: 'Succeed' },
      }),
    );
    expect(ending.error).toBe('States.QueryEvaluationError');
    expect(ending.cause).toContain('Choices[0]/Condition');
  },
);
