import { safetySwitch as switchPort } from '../adapters/aws/wiring/guardrails.ts';
import { journal } from '../adapters/aws/wiring/records.ts';
import { describeSafetySwitch, type SafetySwitchState } from '../drill/safety-switch.ts';
import { json } from '../report/json.ts';
import { paintOn, safe } from '../report/text.ts';
import { type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { AS, callerOf, nameOf } from './identity.ts';
import { withRecords } from './records.ts';

export const safetySwitch: Command = {
  name: 'safety-switch',
  usage: '[on|off] [--reason TEXT] [--as NAME] [--json]',
  summary:
    'On, it blocks every new drill and stops every running one, in the whole account. Without on or off: shows it.',
  options: { reason: { type: 'string' }, json: { type: 'boolean' }, ...AS },
  run(context, { positionals, values }) {
    const wanted = wantedFrom(positionals, values.reason);
    return withRecords(context, async () => {
      const port = switchPort();
      if (wanted) await port.set(await signed(context, wanted, values.as));
      const state = await port.read();
      const stopped = wanted?.kind === 'on' ? await openDrills() : [];
      const told = { parameter: port.parameter, ...state, stopped };
      if (values.json === true) context.out.write(json(told));
      else context.out.write(lines(context, told, stopped));
      return EXIT.ok;
    });
  },
};

/** Where nothing was ever deployed, nothing runs. */
async function openDrills(): Promise<readonly string[]> {
  try {
    return await journal().openDrills();
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  }
}

type Wanted = SafetySwitchState & { readonly kind: 'on' | 'off' };

function wantedFrom([position, ...more]: readonly string[], reason: unknown): Wanted | undefined {
  if (more.length > 0 || (position !== undefined && position !== 'on' && position !== 'off'))
    throw new UsageError(`The safety switch is on or off; received '${[position, ...more].join(' ')}'.`);
  if (typeof reason === 'string' && position !== 'on')
    throw new UsageError(
      '--reason says why the safety switch is on; it needs: drill safety-switch on --reason TEXT',
    );
  if (position === undefined) return undefined;
  return position === 'off'
    ? { kind: 'off' }
    : { kind: 'on', reason: typeof reason === 'string' ? reason : '' };
}

/** Whoever finds it on wants to know whom to ask. */
async function signed(context: CliContext, wanted: Wanted, as: unknown): Promise<Wanted> {
  if (wanted.kind === 'off') return wanted;
  const by = nameOf(await callerOf(context, { values: typeof as === 'string' ? { as } : {} }));
  return { kind: 'on', reason: `${wanted.reason || 'no reason given'} (set by ${by})` };
}

function lines(
  { out }: CliContext,
  state: SafetySwitchState & { readonly parameter: string },
  stopped: readonly string[],
): string {
  const shown = paintOn(out)(state.kind === 'off' ? 'green' : 'red', safe(describeSafetySwitch(state)));
  return [
    `The safety switch (${safe(state.parameter)}) is ${shown}.`,
    `${MEANING[state.kind]}`,
    ...stopped.map(
      (drillId) => `Stops drill ${safe(drillId)}: its target is restored, its receipt is sealed.`,
    ),
    '',
  ].join('\n');
}

const MEANING: Readonly<Record<SafetySwitchState['kind'], string>> = {
  off: 'Drills may run.',
  on: "No drill starts, and running ones stop within seconds. 'drill safety-switch off' lets drills run again.",
  missing: "No drill starts until it is there: 'drill safety-switch off' makes it.",
  unknown:
    "No drill starts, and running ones stop within seconds. Set it with 'drill safety-switch on' or 'off'.",
};
