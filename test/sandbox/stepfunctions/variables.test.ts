import { expect, it } from 'vitest';
import { machine, part, startRig } from './rig.ts';

it('does not show in Output, nor in another variable, what the same state assigns', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({
      Init: { Type: 'Pass', Assign: { n: 1 }, Next: 'Count' },
      Count: {
        Type: 'Pass',
        Assign: { n: '{% $n + 1 %}', before: '{% $n %}' },
        Output: { seen: '{% $n %}' },
        Next: 'Look',
      },
      Look: {
        Type: 'Pass',
        Output: { n: '{% $n %}', before: '{% $before %}', seen: '{% $states.input.seen %}' },
        End: true,
      },
    }),
  );
  expect(ending.output).toEqual({ n: 2, before: 1, seen: 1 });
});

it('assigns nothing when one of the values cannot be evaluated', async () => {
  const rig = await startRig();
  const ending = await rig.run(
    machine({
      Set: { Type: 'Pass', Assign: { a: 1, b: '{% $states.input.missing %}' }, Next: 'Look' },
      Look: { Type: 'Succeed' },
    }),
  );
  expect(ending).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(ending.cause).toContain('Assign/b');
});

it('refuses an Assign of more than 256 KiB', async () => {
  const rig = await startRig();
  const Assign = { big: "{% $pad('', 262144, 'x') %}" };
  const ending = await rig.run(machine({ Set: { Type: 'Pass', Assign, Output: {}, End: true } }));
  expect(ending.error).toBe('States.DataLimitExceeded');
});

it('lets inner scopes read what outer states assigned', async () => {
  const rig = await startRig();
  const ItemProcessor = part({
    Add: { Type: 'Pass', Assign: { total: '{% $base + $states.input %}' }, Next: 'Give' },
    Give: { Type: 'Pass', Output: '{% $total %}', End: true },
  });
  const ending = await rig.run(
    machine({
      Init: { Type: 'Pass', Assign: { base: 10 }, Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor,
        Assign: { sums: '{% $states.result %}' },
        Next: 'Look',
      },
      Look: { Type: 'Pass', Output: { sums: '{% $sums %}', total: '{% $exists($total) %}' }, End: true },
    }),
  );
  expect(ending.output).toEqual({ sums: [11, 12], total: false });
});

it('refuses a definition whose inner scope assigns an outer variable', async () => {
  const rig = await startRig();
  const ItemProcessor = part({ Set: { Type: 'Pass', Assign: { base: 1 }, End: true } });
  const created = rig.create(
    machine({
      Init: { Type: 'Pass', Assign: { base: 10 }, Next: 'Each' },
      Each: { Type: 'Map', ItemProcessor, End: true },
    }),
  );
  await expect(created).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: expect.stringContaining("'base' belongs to an outer scope"),
  });
});

it('shows in the history what was assigned', async () => {
  const rig = await startRig();
  const { executionArn } = await rig.run(
    machine({ Set: { Type: 'Pass', Assign: { a: { b: 1 }, c: 'text' }, End: true } }),
  );
  const exited = (await rig.history(executionArn)).find((event) => event.type === 'PassStateExited');
  expect(exited?.stateExitedEventDetails?.assignedVariables).toEqual({ a: '{"b":1}', c: '"text"' });
});
