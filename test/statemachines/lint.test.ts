import { describe, expect, test } from 'vitest';
import { DRILL, type Machine, type State } from './definitions.ts';
import { RULES } from './lint.ts';

/** Each mutant is one slip of the pen in the definition, and the rule that must see it. */
const MUTANTS: readonly (readonly [slip: string, rule: keyof typeof RULES, change: Change, found: RegExp])[] =
  [
    ['a choice without a default', 'choicesHaveDefaults', { IsArmed: { Default: undefined } }, /IsArmed/],
    [
      'a member in the manner of JSONPath',
      'noJsonPath',
      payload('LockTarget', { 'drillId.$': '$.id' }),
      /drillId\.\$/,
    ],
    [
      'an intrinsic function',
      'noJsonPath',
      { IsArmed: { Comment: "States.Format('{}', 1)" } },
      /States\.Format/,
    ],
    ['$eval', 'expressionsArePlain', { LockTarget: { Output: "{% $eval('1') %}" } }, /eval/],
    [
      'arithmetic',
      'expressionsArePlain',
      { AwaitTrigger: { TimeoutSeconds: '{% $limits.a + 1 %}' } },
      /binary \+/,
    ],
    [
      'a filter',
      'expressionsArePlain',
      { LockTarget: { Output: '{% $states.input[kind] %}' } },
      /LockTarget/,
    ],
    [
      'a function',
      'expressionsArePlain',
      { LockTarget: { Output: '{% $merge([$states.input]) %}' } },
      /function/,
    ],
    ['the input at the top', 'expressionsArePlain', { LockTarget: { Output: '{% $$.kind %}' } }, /variable/],
    [
      'a threshold in a condition',
      'noThresholds',
      { IsStable: { Choices: [{ Condition: '{% $states.input.failed > 3 %}', Next: 'RollBack' }] } },
      /IsStable.*> 3/,
    ],
    [
      'a variable that nobody assigns',
      'variablesAreAssigned',
      { LoadPlan: { Assign: {} } },
      /CheckGuardrails.*\$limits/,
    ],
    [
      'a variable that one way leaves out',
      'variablesAreAssigned',
      { IsLocked: { Default: 'AwaitTrigger' }, LoadPlan: { Assign: {}, Next: 'IsLocked' } },
      /AwaitTrigger.*\$limits/,
    ],
    [
      'a variable that is missing after an error',
      'variablesAreAssigned',
      { LoadPlan: { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'AwaitTrigger' }] } },
      /AwaitTrigger.*\$limits/,
    ],
    [
      'a task without a time limit',
      'tasksHaveTimeLimits',
      { RollBack: { TimeoutSeconds: undefined } },
      /RollBack/,
    ],
    [
      'a heartbeat that comes too late',
      'tasksHaveTimeLimits',
      { AwaitTrigger: { TimeoutSeconds: 30, HeartbeatSeconds: 30 } },
      /AwaitTrigger/,
    ],
    [
      'a retry of whatever failed',
      'retriesNameTheirErrors',
      {
        DeployKnownBad: {
          Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2, JitterStrategy: 'FULL' }],
        },
      },
      /DeployKnownBad.*TaskFailed/,
    ],
    ['a task that is never tried again', 'retriesNameTheirErrors', { RollBack: { Retry: [] } }, /RollBack/],
    [
      'retries at one pace',
      'retriesAreLimitedAndSpread',
      { RollBack: { Retry: [{ ErrorEquals: ['TransientFault'], MaxAttempts: 2 }] } },
      /RollBack/,
    ],
    ['an error that nobody catches', 'everythingIsCaught', { RollBack: { Catch: undefined } }, /RollBack/],
    [
      'States.ALL beside another error',
      'everythingIsCaught',
      { RollBack: { Catch: [{ ErrorEquals: ['States.Timeout', 'States.ALL'], Next: 'Broken' }] } },
      /RollBack/,
    ],
    [
      'States.ALL before another catcher',
      'everythingIsCaught',
      { RollBack: { Catch: [all('Broken'), all('Broken')] } },
      /never reached/,
    ],
    [
      'a token that nobody gets',
      'tokensAreGiven',
      payload('Stabilise', { token: undefined }),
      /Stabilise waits/,
    ],
    [
      'a token that nobody waits for',
      'tokensAreGiven',
      { Stabilise: { Resource: 'arn:aws:states:::lambda:invoke' } },
      /Stabilise has no/,
    ],
  ];

describe('the lint sees', () => {
  test.each(MUTANTS)('%s', (_, rule, change, found) => {
    expect(RULES[rule](changed(change)).join('\n')).toMatch(found);
  });

  test('a slip inside a Map', () => {
    const { Validate } = DRILL.States;
    const inner = Validate?.ItemProcessor as Machine;
    const { SyntheticTransaction } = inner.States;
    const States = {
      SyntheticTransaction: { ...SyntheticTransaction, Retry: [], TimeoutSeconds: '{% $nowhere %}' } as State,
    };
    const machine = changed({ Validate: { ItemProcessor: { ...inner, States } } });
    expect(RULES.retriesNameTheirErrors(machine)).toEqual(['SyntheticTransaction is never tried again']);
    expect(RULES.variablesAreAssigned(machine)).toEqual(['SyntheticTransaction/TimeoutSeconds: $nowhere']);
  });

  test('every rule has a slip that it sees', () => {
    expect(new Set(MUTANTS.map(([, rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });
});

type Change = Readonly<Record<string, object>>;

function changed(change: Change): Machine {
  const States = Object.fromEntries(
    Object.entries(change).map(([name, members]) => [name, { ...DRILL.States[name], ...members } as State]),
  );
  return { ...DRILL, States: { ...DRILL.States, ...States } };
}

function payload(name: string, members: object): Change {
  const given = DRILL.States[name]?.Arguments;
  return { [name]: { Arguments: { ...given, Payload: { ...given?.Payload, ...members } } } };
}

function all(Next: string): object {
  return { ErrorEquals: ['States.ALL'], Next };
}
