import { journal, waits } from '../adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../adapters/clock.ts';
import type { Word } from '../drill/people/decision.ts';
import { DurationError, parseDuration } from '../drill/plan/duration.ts';
import { decide as decideDrill } from '../steps/decide.ts';
import { tellAnswer } from './answer.ts';
import { type CliArguments, type Command, UsageError } from './command.ts';
import { AS, callerOf, identified } from './identity.ts';
import { runningDrill } from './running-drill.ts';

export const decide: Command = {
  name: 'decide',
  usage: '[<id>] --roll-back | --hold [--for 2m] [--reason TEXT] [--as NAME] [--json]',
  summary:
    'Answers a drill that asks whether to roll back: now, or hold it, in all for as long as the plan allows. Exit 21 when it is refused.',
  options: {
    'roll-back': { type: 'boolean' },
    hold: { type: 'boolean' },
    for: { type: 'string' },
    reason: { type: 'string' },
    json: { type: 'boolean' },
    ...AS,
  },
  async run(context, { positionals, values }) {
    const word = wordFrom(values);
    const drill = await runningDrill(context, positionals);
    const by = identified(await callerOf(context, { values }));
    const reason = (values.reason as string | undefined) ?? 'no reason given';
    const ports = { clock, journal: journal(), waits: waits() };
    const answer = await decideDrill(ports, drill.opened.drillId, { by, word, reason });
    return tellAnswer(context, { drill: drill.opened.drillId, by: by.name, ...answer }, values.json === true);
  },
};

function wordFrom(values: CliArguments['values']): Word {
  if ((values['roll-back'] === true) === (values.hold === true))
    throw new UsageError('What is decided? Either --roll-back or --hold.');
  if (values.hold !== true && values.for !== undefined)
    throw new UsageError('--for says how long to hold; it goes with --hold.');
  if (values.hold !== true) return { kind: 'roll-back' };
  return { kind: 'hold', forMs: values.for === undefined ? null : durationFrom(values.for as string) };
}

function durationFrom(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof DurationError) throw new UsageError(`--for: ${error.message}`);
    throw error;
  }
}
