import { once } from 'node:events';
import { type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { knownFaults, localSandbox, preparePipeline } from './local.ts';
import { finishLeftDrills } from './recovery.ts';
import type { RunningSandbox } from './running.ts';

export const sandbox: Command = {
  name: 'sandbox',
  usage: '[faults] [--pipeline]',
  summary:
    'Starts the sandbox and stays up, so that any AWS client can use it; `faults` lists what --fault knows; --pipeline releases the shop through its pipeline first.',
  options: { pipeline: { type: 'boolean' } },
  async run(context, { positionals, values }) {
    if (positionals[0] === 'faults') return listFaults(context);
    if (positionals.length > 0)
      throw new UsageError(`'drill sandbox' takes no '${positionals[0]}', only 'faults'.`);
    const local = await localSandbox(context);
    if (!local.own)
      throw new UsageError(`A sandbox is already up in ${context.directory}: ${local.edgeUrl}`, EXIT.fault);
    try {
      for (const { id, outcome } of await finishLeftDrills(local.left, 'the sandbox was started again')) {
        context.err.write(`Finished what was left of drill ${id}: ${outcome}.\n`);
      }
      if (values.pipeline === true) await preparePipeline(local);
      tell(context, local);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      return EXIT.ok;
    } finally {
      await local.close();
    }
  },
};

function listFaults({ out }: CliContext): number {
  const faults = knownFaults();
  const width = Math.max(...faults.map(([name]) => name.length)) + 2;
  out.write(faults.map(([name, description]) => `${name.padEnd(width)}${description}\n`).join(''));
  return EXIT.ok;
}

function tell(
  { out }: CliContext,
  { edgeUrl, apiUrl, environment, planVariables }: Omit<RunningSandbox, 'pid'>,
): void {
  const lines = Object.entries({ ...planVariables, ...environment, DRILL_API_URL: apiUrl }).map(
    ([name, value]) => `export ${name}=${value}`,
  );
  out.write(
    [
      `# the shop, at the edge: ${edgeUrl}`,
      `# the API, for requests signed for execute-api: ${apiUrl}`,
      ...lines,
      '# Ctrl-C ends the sandbox; its state stays.',
      '',
    ].join('\n'),
  );
}
