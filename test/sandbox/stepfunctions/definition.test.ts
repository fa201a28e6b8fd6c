import { expect, it } from 'vitest';
import { parseDefinition } from '../../../sandbox/stepfunctions/definition.ts';
import { invoke, machine, part, startRig } from './rig.ts';

const pass = { Type: 'Pass', End: true };
const output = (Output: unknown) => machine({ A: { Type: 'Pass', Output, End: true } });
const task = (more: object) => machine({ A: invoke('f', { End: true, ...more }) });
const all = { ErrorEquals: ['States.ALL'] };

/** What is wrong, the definition, and what the message must say. */
const refused: readonly (readonly [string, object, string])[] = [
  ['no states', { QueryLanguage: 'JSONata', StartAt: 'A', States: {} }, 'at /States'],
  ['an unknown StartAt', machine({ A: pass }, { StartAt: 'B' }), "Missing 'StartAt' target: B at /StartAt"],
  ['an unknown Next', machine({ A: { Type: 'Pass', Next: 'B' } }), 'target: B at /States/A/Next'],
  [
    'an unknown Next in Catch',
    task({ Catch: [{ ...all, Next: 'B' }] }),
    'target: B at /States/A/Catch[0]/Next',
  ],
  [
    'an unknown Default',
    machine({ A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'C' }], Default: 'B' }, C: pass }),
    'target: B at /States/A/Default',
  ],
  [
    'a Next out of a branch',
    machine({
      A: { Type: 'Parallel', Branches: [part({ B: { Type: 'Pass', Next: 'C' } })], Next: 'C' },
      C: pass,
    }),
    'target: C at /States/A/Branches[0]/States/B/Next',
  ],
  [
    'a state that is never reached',
    machine({ A: pass, B: pass }),
    'State "B" is not reachable. at /States/B',
  ],
  ['no end', machine({ A: { Type: 'Pass', Next: 'A' } }), 'MISSING_END_STATE'],
  ['neither Next nor End', machine({ A: { Type: 'Pass' } }), "'Next' and 'End' is required at /States/A"],
  ['both Next and End', machine({ A: { ...pass, Next: 'A' } }), "'Next' and 'End' is required"],
  [
    'one name in two scopes',
    machine({ A: { Type: 'Parallel', Branches: [part({ A: pass })], End: true } }),
    'DUPLICATE_STATE_NAME: Duplicate State name: A',
  ],
  ['an unknown type', machine({ A: { Type: 'Taks', End: true } }), 'Task, Choice, Wait'],
  ['an unknown field', machine({ A: { ...pass, Outptu: 1 } }), "Field 'Outptu' is not supported"],
  [
    'a field of JSONPath',
    machine({ A: { ...pass, ResultPath: '$.a' } }),
    "only supported for the 'JSONPath'",
  ],
  ['JSONPath as the language', { StartAt: 'A', States: { A: pass } }, 'runs JSONata only'],
  ['a member selected by JSONPath', output({ 'a.$': '$.b' }), 'at /States/A/Output/a.$'],
  ['an expression that does not parse', output('{% $a.( %}'), 'INVALID_JSONATA_EXPRESSION'],
  ['an operator of a later JSONata', output('{% $a ?? 1 %}'), 'INVALID_JSONATA_EXPRESSION'],
  ['an expression without its end', output('{% $a'), "must begin with '{%'"],
  ['an expression after a space', output(' {% $a %}'), "must begin with '{%'"],
  ['a bare name', output('{% input.a %}'), "Reference to 'input' at the top level"],
  ['a bare name in a function', output('{% $map($a, function($x) { b }) %}'), "Reference to 'b'"],
  ['the bare context', output('{% $ %}'), "Reference to '$' at the top level"],
  ['the input document', output('{% $a[b = $$.c] %}'), "Reference to '$$'"],
  ['$eval', output("{% $eval('1') %}"), "'$eval' is not supported"],
  ['a result where there is none', output('{% $states.result %}'), "'$states.result' is not supported"],
  [
    'an error output outside a catcher',
    task({ Output: '{% $states.errorOutput %}' }),
    "'$states.errorOutput' is not supported",
  ],
  ['an intrinsic function of JSONPath', output("{% States.Format('x') %}"), "Reference to 'States'"],
  [
    'a variable called states',
    machine({ A: { ...pass, Assign: { states: 1 } } }),
    'at /States/A/Assign/states',
  ],
  ['Assign on Succeed', machine({ A: { Type: 'Succeed', Assign: { a: 1 } } }), "Field 'Assign'"],
  ['Next on Fail', machine({ A: { Type: 'Fail', Next: 'A' } }), "Field 'Next'"],
  ['Retry on Pass', machine({ A: { ...pass, Retry: [all] } }), "Field 'Retry'"],
  [
    'States.ALL before others',
    task({ Retry: [all, { ErrorEquals: ['E'] }] }),
    'last place at /States/A/Retry[0]/ErrorEquals',
  ],
  ['States.ALL among others', task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }), 'must stand alone'],
  ['a retrier without ErrorEquals', task({ Retry: [{ MaxAttempts: 1 }] }), "'ErrorEquals' is required"],
  ['BackoffRate below 1', task({ Retry: [{ ...all, BackoffRate: 0.5 }] }), 'Retry[0]/BackoffRate'],
  ['a timeout of nothing', task({ TimeoutSeconds: 0 }), 'at /States/A/TimeoutSeconds'],
  ['a heartbeat as long as the timeout', task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }), 'must be smaller'],
  [
    'both Seconds and Timestamp',
    machine({ A: { Type: 'Wait', Seconds: 1, Timestamp: '', End: true } }),
    'Seconds',
  ],
  ['a Choice without rules', machine({ A: { Type: 'Choice', Choices: [] } }), 'must not be empty'],
  ['a task it cannot call', task({ Resource: 'arn:aws:states:::sqs:sendMessage' }), 'lambda:invoke'],
  ['arguments the task does not have', task({ Arguments: { FunctionName: 'f', X: 1 } }), 'Arguments/X'],
  ['a task without its function', task({ Arguments: {} }), "'FunctionName' is required"],
  [
    'a distributed Map',
    machine({
      A: {
        Type: 'Map',
        ItemProcessor: { ...part({ B: pass }), ProcessorConfig: { Mode: 'DISTRIBUTED' } },
        End: true,
      },
    }),
    'INLINE maps only',
  ],
];

it.each(refused)('refuses %s', (_title, definition, message) => {
  expect(() => parseDefinition(JSON.stringify(definition))).toThrow(message);
});

it('refuses text that is not JSON, on the wire as InvalidDefinition', async () => {
  const rig = await startRig();
  const created = rig.client.createStateMachine({ name: 'm', definition: '{', roleArn: 'r' });
  await expect(created).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: expect.stringContaining('Invalid State Machine Definition'),
  });
});

it('names every place that is wrong, up to a limit', () => {
  const broken = machine(
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`S${n}`, { Type: 'Pass', Next: 'X' }])),
  );
  expect(() => parseDefinition(JSON.stringify(broken))).toThrow(/S0\/Next.*S9\/Next.*and \d+ more/);
});

it.each([
  '{% $states.input.items[price > 3].name %}',
  '{% $map($states.input.items, function($item, $i) { $item.name & $i }) %}',
  "{% $merge([$states.input, { 'a': $states.context.State.Name }]) %}",
  '{% $states.input.items^(>price)[0] %}',
  '{% $states.input.items{ name: price } %}',
  "{% ($a := $states.input.a; $a ? 'yes' : 'no') %}",
  '{% $states.input.items ~> $filter(function($v) { $v.price > 1 }) %}',
  '{% $states.input.items.$sum(prices) %}',
  "{% $states.input ~> |items|{'seen': true}| %}",
])('accepts %s', (expression) => {
  expect(parseDefinition(JSON.stringify(output(expression)))).toMatchObject({ StartAt: 'A' });
});

it('accepts all that the sandbox can run, and an independent validator agrees', async () => {
  const rig = await startRig();
  const retry = {
    ...all,
    IntervalSeconds: 2,
    MaxAttempts: 0,
    BackoffRate: 1.5,
    MaxDelaySeconds: 9,
    JitterStrategy: 'FULL',
  };
  const catcher = { ...all, Assign: { error: '{% $states.errorOutput %}' }, Output: {}, Next: 'Failed' };
  await rig.create(
    machine(
      {
        Plan: invoke('plan', {
          Comment: 'first',
          TimeoutSeconds: '{% $states.input.limit %}',
          HeartbeatSeconds: 5,
          Retry: [{ ErrorEquals: ['E'] }, retry],
          Catch: [{ ErrorEquals: ['E'], Next: 'Failed' }, catcher],
          Next: 'Safe',
        }),
        Safe: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.a = 1 %}', Assign: { a: 1 }, Output: {}, Next: 'Rest' }],
          Default: 'Both',
        },
        Rest: { Type: 'Wait', Seconds: '{% $a %}', Next: 'Both' },
        Both: {
          Type: 'Parallel',
          Branches: [part({ B: pass }), part({ C: pass })],
          Arguments: {},
          Next: 'Each',
        },
        Each: {
          Type: 'Map',
          Items: [1, '{% 2 %}'],
          MaxConcurrency: 2,
          ItemSelector: { i: '{% $states.context.Map.Item.Index %}' },
          ItemProcessor: { ...part({ D: pass }), ProcessorConfig: { Mode: 'INLINE' } },
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
        Failed: { Type: 'Fail', Error: '{% $error.Error %}', Cause: 'see above' },
      },
      { Comment: 'a drill', TimeoutSeconds: 900, Version: '1.0' },
    ),
  );
});
