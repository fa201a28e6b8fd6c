import { userInfo } from 'node:os';
import { journal, receipts } from '../adapters/aws/wiring.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { attach } from './running.ts';
import { useSandbox } from './settings.ts';

export const abort: Command = {
  name: 'abort',
  usage: '<id> [--reason TEXT]',
  summary: 'Ends a running drill: the target is restored, the receipt is sealed.',
  options: { reason: { type: 'string' } },
  async run({ directory, out }, { positionals, values }) {
    const [drillId] = positionals;
    if (!drillId) throw new UsageError("Which drill? 'drill list' shows the running ones.");
    const running = await attach(directory);
    if (!running)
      throw new UsageError(
        "No sandbox is up, so no drill is running. 'drill recover' finishes what was left.",
      );
    useSandbox(running.environment);
    if (await receipts().find(drillId))
      throw new UsageError(`Drill ${drillId} is over; 'drill show ${drillId}' shows what came of it.`);
    const by = userInfo().username;
    const reason = `aborted by ${by}: ${typeof values.reason === 'string' ? values.reason : 'no reason given'}`;
    await journal().requestAbort(drillId, { by, reason }).catch(notFound);
    out.write(`Drill ${drillId} is aborted: the target is being restored.\n`);
    return EXIT.ok;
  },
};

function notFound(error: Error): never {
  throw error.name === 'DrillNotFound' ? new UsageError(error.message) : error;
}
