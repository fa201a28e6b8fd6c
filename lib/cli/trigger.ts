import { announcer } from '../adapters/aws/wiring/people.ts';
import { journal, waits } from '../adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../adapters/clock.ts';
import { reportTrigger } from '../steps/report-trigger.ts';
import { tellAnswer } from './answer.ts';
import { type Command, UsageError } from './command.ts';
import { AS, callerOf, identified } from './identity.ts';
import { runningDrill } from './running-drill.ts';

export const trigger: Command = {
  name: 'trigger',
  usage: '[<id>] --name TRIGGER [--reason TEXT] [--as NAME] [--json]',
  summary: 'Reports a trigger that the plan lets a person observe. Exit 21 when it is refused.',
  options: {
    name: { type: 'string' },
    reason: { type: 'string' },
    json: { type: 'boolean' },
    ...AS,
  },
  async run(context, { positionals, values }) {
    const { name } = values;
    if (typeof name !== 'string')
      throw new UsageError('Which trigger? --name, for example: drill trigger --name customers-complain');
    const drill = await runningDrill(context, positionals);
    const by = identified(await callerOf(context, { values }));
    const evidence = (values.reason as string | undefined) ?? `reported by ${by.name}, without a reason`;
    const ports = { announcer: announcer(), clock, journal: journal(), waits: waits() };
    const answer = await reportTrigger(ports, drill.opened.drillId, { name, by, evidence });
    return tellAnswer(context, { drill: drill.opened.drillId, by: by.name, ...answer }, values.json === true);
  },
};
