import { main } from '../lib/cli/main.ts';

// Started by the launcher: without it nobody is left who could stop the drill.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

process.exitCode = await main(process.argv.slice(2));
