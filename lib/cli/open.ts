import { once } from 'node:events';
import { signedRequests } from '../adapters/aws/wiring/people.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { API, apiUrl } from './deployed-api.ts';
import { startProxy } from './open/proxy.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const open: Command = {
  name: 'open',
  usage: '[--api URL] [--port N]',
  summary:
    'Lets a browser of this machine look at the deployed API: signs its GET requests with your credentials, until Ctrl-C.',
  options: { ...API, port: { type: 'string' } },
  async run(context, { positionals, values }) {
    if (positionals.length > 0) throw new UsageError(`'drill open' takes no '${positionals[0]}'.`);
    const port = portFrom(values.port as string | undefined);
    const api = await apiUrl(context, values);
    const proxy = await startProxy({ api, port, send: signedRequests() }).catch((error: Error) => {
      throw new UsageError(
        `--port: ${port} cannot be listened at: ${error.message}. Leave it out for any free one.`,
      );
    });
    try {
      context.out.write(`${proxy.url}\n`);
      context.err.write(
        `shows ${api.origin} to whoever has this address, for reading only; Ctrl-C ends it\n`,
      );
      await Promise.race(SIGNALS.map((signal) => once(process, signal)));
      return EXIT.ok;
    } finally {
      await proxy.close();
    }
  },
};

function portFrom(given = '0'): number {
  const port = Number(given);
  if (/^\d{1,5}$/.test(given) && port <= 65_535) return port;
  throw new UsageError(`--port: must be a number from 0 to 65535; received '${given.slice(0, 20)}'.`);
}
