import { journal, waits } from '../adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../adapters/clock.ts';
import { lastHealthyOf, lastOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import { safe } from '../report/text.ts';
import { approve as approveDrill } from '../steps/approve.ts';
import { tellAnswer } from './answer.ts';
import type { Command } from './command.ts';
import { AS, callerOf, nameOf } from './identity.ts';
import { withoutAccount } from './journal-notes.ts';
import { runningDrill } from './running-drill.ts';

export const approve: Command = {
  name: 'approve',
  usage: '[<id>] [--plan-digest D] [--revision R] [--as NAME] [--json]',
  summary:
    'Approves a drill that waits for approvals: its plan, on the revision of its target. Exit 21 when it is refused.',
  options: {
    'plan-digest': { type: 'string' },
    revision: { type: 'string' },
    json: { type: 'boolean' },
    ...AS,
  },
  async run(context, { positionals, values }) {
    const drill = await runningDrill(context, positionals);
    const by = await callerOf(context, { values });
    const json = values.json === true;
    const approved = {
      plan: drill.opened.plan,
      target: drill.opened.target,
      knownBad: drill.opened.knownBad,
      lastHealthy: lastHealthyOf(drill.journal),
      revision: lastOf(drill.journal, 'captured')?.revision ?? null,
    };
    if (!json) context.out.write(told(drill, nameOf(by)));
    const ports = { clock, journal: journal(), waits: waits() };
    const { kind, given, needed, ...answer } = await approveDrill(ports, drill.opened.drillId, {
      by,
      // What is shown is what is approved, unless the caller says what it must be.
      digest: (values['plan-digest'] as string | undefined) ?? approved.plan.digest,
      revision: (values.revision as string | undefined) ?? approved.revision ?? undefined,
    });
    const reason = kind === 'approved' ? `${given} of ${needed} approvals: ${answer.reason}` : answer.reason;
    const whole = { drill: drill.opened.drillId, by: nameOf(by), kind, reason, given, needed, ...approved };
    return tellAnswer(context, whole, json);
  },
};

function told({ opened, journal: entries }: Drill, by: string): string {
  const captured = lastOf(entries, 'captured');
  const healthy = lastHealthyOf(entries);
  return [
    `Drill ${safe(opened.drillId)}, to be approved as ${safe(by)}:`,
    `  plan          ${safe(opened.plan.name)} ${safe(opened.plan.digest)}`,
    `  target        ${safe(opened.target)}`,
    `  last healthy  ${safe(healthy ? `${healthy.release} ${withoutAccount(healthy.taskDefinition ?? '')}` : 'not captured yet')}`,
    `  revision      ${safe(captured ? withoutAccount(captured.revision) : 'not captured yet')}`,
    `  known-bad     ${safe(opened.knownBad)}`,
    '',
  ].join('\n');
}
