import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { timeLimits } from '../../lib/drill/limits.ts';
import type { Plan } from '../../lib/drill/plan/plan.ts';
import { STATES } from '../../lib/drill/states.ts';
import {
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionName,
  folderOf,
  restoredFunctions,
} from '../../lib/infra/functions.ts';
import { DRILL, followers, reachable, statesOf, tasksOf, WITNESS } from './definitions.ts';
import { RULES, waits } from './lint.ts';

/** Every kind of validation is the same step. */
function isValidation(name: string): boolean {
  return INSIDE_VALIDATE.has(name) && name !== 'CountSideEffects';
}

const INSIDE_VALIDATE = new Set(Object.keys(DRILL.States.Validate?.ItemProcessor?.States ?? {}));

/** The witness only looks: whatever broke it, it is started again, and its silence is noticed by those who wait for it. */
const { retriesNameTheirErrors: _, everythingIsCaught: __, ...RULES_FOR_OBSERVERS } = RULES;

const MACHINES = [
  ['rollback-drill', DRILL, RULES],
  ['witness', WITNESS, RULES_FOR_OBSERVERS],
] as const;

describe.each(MACHINES)('%s', (_, machine, rules) => {
  test('an independent validator has nothing against it', () => {
    const required: unknown = createRequire(import.meta.url)('asl-validator');
    const validate = ((required as { default?: unknown }).default ?? required) as Validate;
    expect(validate(machine).errors).toEqual([]);
  });

  test.each(Object.entries(rules))('%s', (_, findings) => {
    expect(findings(machine)).toEqual([]);
  });
});

describe('no way of a drill', () => {
  const touched = ['DeployKnownBad', 'AwaitTrigger', 'DecideRollback', 'AwaitDecision'];

  test.each(touched)('leads from %s to a receipt past RollBack', (from) => {
    expect(endsOf(reachable(DRILL, from, ['RollBack']))).toEqual([]);
  });

  test.each(touched)('leads from an error in %s anywhere but to the rollback', (from) => {
    const caught = DRILL.States[from]?.Catch?.map(({ Next }) => Next) ?? [];
    expect(caught.filter((next) => next !== 'DecideRollback' && next !== 'RollBack')).toEqual([]);
  });

  test('ends well without a receipt', () => {
    expect(endsOf(reachable(DRILL, 'LoadPlan', ['SealReceipt'])).filter((end) => end === 'Drilled')).toEqual(
      [],
    );
  });

  test('leads from a rollback to the receipt past the confirmation, unless somebody else has taken over', () => {
    const overtaken = DRILL.States.IsRollingBack?.Choices?.filter(({ Next }) => Next === 'SealReceipt');
    expect(overtaken?.map(({ Condition }) => Condition)).toEqual(["{% $states.input.kind = 'overtaken' %}"]);
    const { IsRollingBack, ...others } = DRILL.States;
    const Choices = IsRollingBack?.Choices?.filter(({ Next }) => Next !== 'SealReceipt') ?? [];
    const own = {
      ...DRILL,
      States: { ...others, IsRollingBack: { Type: 'Choice', ...IsRollingBack, Choices } },
    };
    expect(endsOf(reachable(own, 'RollBack', ['AwaitRestored']))).toEqual([]);
  });

  test('leads from the undo of a migration anywhere but to the rollback, the restoration or the watchdog', () => {
    const { UndoMigration, IsMigrationUndone } = DRILL.States;
    expect(UndoMigration && followers(UndoMigration)).toEqual(['IsMigrationUndone', 'HandedToWatchdog']);
    expect(IsMigrationUndone && followers(IsMigrationUndone)).toEqual(['AwaitRestored', 'RollBack']);
  });

  test('leads to the known-bad release after a rollback, nor around the watchdog', () => {
    expect(reachable(DRILL, 'RollBack')).not.toContain('DeployKnownBad');
    expect(reachable(DRILL, 'LoadPlan', ['ArmWatchdog'])).not.toContain('DeployKnownBad');
  });

  test.each(STATES.slice(1, 5))(
    'leads from an error in %s, which touches nothing, past the receipt',
    (from) => {
      expect(DRILL.States[from]?.Catch?.map(({ Next }) => Next)).toEqual(['SealReceipt']);
    },
  );

  function endsOf(states: ReadonlySet<string>): readonly string[] {
    return [...states].filter((state) => state === 'SealReceipt' || DRILL.States[state]?.Type === 'Succeed');
  }
});

describe('the states', () => {
  test('a silent witness has its own catcher, before the one for everything, wherever the witness must be alive', () => {
    const watched = tasksOf(DRILL).filter(([, state]) => state.HeartbeatSeconds !== undefined);
    expect(watched.map(([name]) => name)).toEqual([
      'AwaitTrigger',
      'AwaitDecision',
      'AwaitRestored',
      'Stabilise',
    ]);
    for (const [, { Catch = [] }] of watched)
      expect(Catch.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
        ['States.HeartbeatTimeout'],
        ['States.ALL'],
      ]);
  });

  test('whatever limit a wait names is one that LoadPlan tells, or DecideRollback when it asks', () => {
    const told = Object.keys(timeLimits({ steadyState: {}, restored: {}, guardrails: {} } as Plan)).map(
      (name) => `{% $limits.${name} %}`,
    );
    const named = statesOf(DRILL).flatMap(([, { TimeoutSeconds, HeartbeatSeconds }]) => [
      TimeoutSeconds,
      HeartbeatSeconds,
    ]);
    expect(named.filter((limit) => typeof limit === 'string' && !told.includes(limit))).toEqual([
      '{% $states.input.waitSeconds %}',
      '{% $states.input.silenceSeconds %}',
    ]);
    const before = Object.values(DRILL.States).filter((state) => followers(state).includes('AwaitDecision'));
    expect(before.map(({ Choices }) => Choices?.map(({ Condition }) => Condition))).toEqual([
      ["{% $states.input.kind = 'ask' %}"],
    ]);
  });

  test('are those of a drill, all of them, in the order of a drill that goes well', () => {
    const numbered = statesOf(DRILL).filter(([, { Type }]) => Type === 'Task' || Type === 'Map');
    expect(numbered.map(([name]) => name).filter((name) => !INSIDE_VALIDATE.has(name))).toEqual(STATES);
  });

  test('each have a step, a function folder and limits of the same name', () => {
    const used = [...tasksOf(DRILL), ...tasksOf(WITNESS)].map(([name, { Arguments }]) => {
      const invoked = /^\$\{(\w+)FunctionArn\}$/.exec(Arguments?.FunctionName ?? '')?.[1];
      return [name === 'Watch' ? 'Witness' : name, invoked] as const;
    });
    for (const [name, invoked] of used) {
      expect(invoked).toBe(name);
      expect(FUNCTION_NAMES).toContain(name);
      const folder = folderOf(name as FunctionName);
      const step = isValidation(name) ? 'run-validation' : folder;
      expect(existsSync(new URL(`../../lib/steps/${step}.ts`, import.meta.url))).toBe(true);
      const handler = readFileSync(new URL(`../../functions/${folder}/handler.ts`, import.meta.url), 'utf8');
      expect(handler).toContain(`lib/steps/${step}.ts`);
    }
  });

  test('every kind of validation is chosen by its name, and one that breaks leaves the others alone', () => {
    const { States = {} } = DRILL.States.Validate?.ItemProcessor ?? {};
    const chosen = States.ByKind?.Choices?.map(({ Condition, Next }) => [Condition, Next]);
    const kinds = restoredFunctions().map(([kind, name]) => [`{% $states.input.kind = '${kind}' %}`, name]);
    expect(chosen).toEqual(kinds);
    for (const [, state] of tasksOf({ StartAt: '', States }))
      expect(state.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'NotJudged' }]);
  });

  test('no function folder is without limits', () => {
    const folders = readdirSync(new URL('../../functions', import.meta.url), { withFileTypes: true });
    expect(
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(FUNCTION_NAMES.map(folderOf).sort());
  });

  test('a function ends before its state gives it up', () => {
    const outlived = tasksOf(DRILL).filter(
      ([name, state]) =>
        !waits(state) && (state.TimeoutSeconds as number) < FUNCTIONS[name as FunctionName].timeoutSeconds,
    );
    expect(outlived).toEqual([]);
  });
});

type Validate = (definition: object) => { readonly errors: readonly object[] };
