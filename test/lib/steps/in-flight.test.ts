import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { timeLimits } from '../../../lib/drill/limits.ts';
import { verify } from '../../../lib/drill/verify.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { CountInput } from '../../../lib/steps/count-side-effects.ts';
import { StepInput, WaitInput } from '../../../lib/steps/input.ts';
import { LoadPlanInput } from '../../../lib/steps/load-plan.ts';
import { RunValidationInput } from '../../../lib/steps/run-validation.ts';
import { IN_FLIGHT, type InFlight } from '../../fixtures/record-in-flight.ts';
import { DRILL_ID, drillAt, type Rig } from '../../fixtures/rig.ts';

const VERSIONS = readdirSync(IN_FLIGHT).map((file) => [file.replace(/\.json$/, ''), file] as const);

/* What is deployed while a drill is under way finishes that drill, from what an earlier version has stored of it. */
describe.each(VERSIONS)('a drill that version %s has brought to its trigger', (_, file) => {
  const recorded = JSON.parse(readFileSync(new URL(file, IN_FLIGHT), 'utf8')) as InFlight;

  test('is not left on the known-bad release when it dies: the watchdog of this version restores and seals', async () => {
    const rig = await upgraded(recorded);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(verify([...rig.stores.archive.values()])).toEqual([]);
  });

  test('goes on with this version and passes, with the plan that it was started with', async () => {
    const rig = await upgraded(recorded);
    const { steps } = rig;
    await steps.rollBack({ kind: 'roll-back', reason: 'a trigger' });
    await steps.awaitRestored();
    await rig.watch(15_000);
    await Promise.all(recorded.drill.plan.validations.map(({ name }) => steps.validate(name)));
    await steps.stabilise();
    await rig.watch(62_000);
    expect(await steps.sealReceipt()).toMatchObject({ outcome: 'passed' });
    const [receipt] = rig.stores.archive.values();
    expect(receipt?.plan).toMatchObject(recorded.drill.opened.plan);
    expect(verify([...rig.stores.archive.values()])).toEqual([]);
  });

  test('sends events that no function of this version refuses, and its plan still has every limit', () => {
    for (const [state, members] of Object.entries(recorded.events)) {
      const event = Object.fromEntries(members.map((member) => [member, SENT[member]]));
      expect(v.safeParse(schemaOf(state, members), event).issues, state).toBeUndefined();
    }
    for (const limit of Object.values(timeLimits(recorded.drill.plan))) expect(limit).toBeGreaterThan(0);
  });
});

const SENT: Readonly<Record<string, unknown>> = {
  drillId: DRILL_ID,
  enteredAt: '2026-11-03T10:00:00.100Z',
  startedAt: '2026-11-03T10:00:00.000Z',
  retries: 0,
  executionArn: 'arn:execution:drill-1',
  request: { plan: 'shop' },
  previous: { kind: 'none' },
  token: 'a token',
  validation: 'buy',
};

function schemaOf(state: string, members: readonly string[]): v.GenericSchema {
  if (state === 'LoadPlan') return LoadPlanInput;
  if (state === 'CountSideEffects') return CountInput;
  if (members.includes('validation')) return RunValidationInput;
  return members.includes('token') ? WaitInput : StepInput;
}

/** The same drill of this version, whose records up to its trigger are those of the other one. */
async function upgraded({ drill: recorded, samples }: InFlight): Promise<Rig> {
  let own: { readonly keys: ReadonlySet<string>; readonly samples: number } | undefined;
  const through = (ports: Ports): Ports => ({
    ...ports,
    journal: {
      ...ports.journal,
      async read(drillId) {
        const drill = await ports.journal.read(drillId);
        if (!own) return drill;
        const later = drill.journal.filter(({ key }) => !own?.keys.has(key));
        const { opened, plan, journal } = structuredClone(recorded);
        return { ...drill, opened, plan, journal: [...journal, ...later] };
      },
    },
    series: {
      ...ports.series,
      async read(drillId) {
        const series = await ports.series.read(drillId);
        return own ? { ...series, samples: [...samples, ...series.samples.slice(own.samples)] } : series;
      },
    },
  });
  const rig = await drillAt('triggered', { through });
  const { journal } = await rig.drill();
  own = {
    keys: new Set(journal.map(({ key }) => key)),
    samples: (await rig.stores.series.read(DRILL_ID)).samples.length,
  };
  return rig;
}
