import { journal, waits } from '../adapters/aws/wiring/records.ts';
import { abort as abortDrill } from '../steps/abort.ts';
import { tellAnswer } from './answer.ts';
import type { Command } from './command.ts';
import { AS, callerOf, nameOf } from './identity.ts';
import { runningDrill } from './running-drill.ts';

export const abort: Command = {
  name: 'abort',
  usage: '[<id>] [--reason TEXT] [--as NAME] [--json]',
  summary: 'Ends a running drill at any moment: what it has deployed is taken back, the receipt is sealed.',
  options: { reason: { type: 'string' }, json: { type: 'boolean' }, ...AS },
  async run(context, { positionals, values }) {
    const drill = await runningDrill(context, positionals);
    const by = nameOf(await callerOf(context, { values }));
    const given = (values.reason as string | undefined) ?? 'no reason given';
    const { drillId } = drill.opened;
    const ports = { journal: journal(), waits: waits() };
    const aborted = await abortDrill(ports, drillId, { by, reason: `aborted by ${by}: ${given}` });
    const reason = `drill ${drillId} ends: ${aborted.reason}`;
    return tellAnswer(context, { drill: drillId, by, kind: 'aborted', reason }, values.json === true);
  },
};
