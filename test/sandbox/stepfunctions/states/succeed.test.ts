import { expect, it } from 'vitest';
import { machine, part, startRig } from '../rig.ts';

it('ends only its own branch inside a Parallel state', async () => {
  const rig = await startRig();
  const Branches = [
    part({ Done: { Type: 'Succeed', Output: "{% 'done' %}" } }),
    part({ Go: { Type: 'Pass', Next: 'On' }, On: { Type: 'Pass', Output: "{% 'went on' %}", End: true } }),
  ];
  const ending = await rig.run(machine({ Both: { Type: 'Parallel', Branches, End: true } }));
  expect(ending).toMatchObject({ status: 'SUCCEEDED', output: ['done', 'went on'] });
});

it('gives its Output, or else its input, as the output of the execution', async () => {
  const rig = await startRig();
  expect((await rig.run(machine({ Done: { Type: 'Succeed' } }), { a: 1 })).output).toEqual({ a: 1 });
  const shaped = machine({ Done: { Type: 'Succeed', Output: { twice: '{% 2 * $states.input.a %}' } } });
  expect((await rig.run(shaped, { a: 2 })).output).toEqual({ twice: 4 });
});
