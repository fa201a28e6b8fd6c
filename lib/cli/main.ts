import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { safe } from '../report/text.ts';
import { abort } from './abort.ts';
import { approve } from './approve.ts';
import { check } from './check.ts';
import { type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { decide } from './decide.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { open } from './open.ts';
import { rebuildStatisticsCommand } from './rebuild-statistics.ts';
import { recover } from './recover.ts';
import { run } from './run.ts';
import { safetySwitch } from './safety-switch.ts';
import { sandbox } from './sandbox.ts';
import { show } from './show.ts';
import { stats } from './stats.ts';
import { trigger } from './trigger.ts';
import { verify } from './verify.ts';

const COMMANDS: readonly Command[] = [
  run,
  init,
  check,
  list,
  show,
  open,
  stats,
  verify,
  approve,
  trigger,
  decide,
  abort,
  safetySwitch,
  recover,
  rebuildStatisticsCommand,
  sandbox,
];

/** Runs one command and answers the exit code. Without a command: the example drill. */
export async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  const context = contextOf();
  if (first === '--help' || first === '-h' || first === 'help') return help(context);
  if (first === undefined || first.startsWith('-')) return guarded(context, run, argv);
  const command = COMMANDS.find(({ name }) => name === first);
  if (command) return guarded(context, command, rest);
  context.err.write(
    `There is no command '${safe(first)}'. There are: ${COMMANDS.map(({ name }) => name).join(', ')}.\n`,
  );
  return EXIT.usage;
}

function contextOf(): CliContext {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unheard);
  const directory = resolve(process.env.DRILL_DIRECTORY ?? '.drill');
  return { out: process.stdout, err: process.stderr, directory, environment: { ...process.env } };
}

/** A closed terminal, or a pipe that nobody reads any more, must not end a drill halfway. */
function unheard(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

async function guarded(context: CliContext, command: Command, args: readonly string[]): Promise<number> {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    const { positionals, values } = parse(command, args, options);
    if (values.help) return usage(context, command);
    return await command.run(context, { positionals, values });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.err.write(`${inLines(error.message)}\n`);
    return error.exitCode;
  }
}

const LONGEST_LINE = 2_000;

/** A message may repeat what a plan or a file says. */
function inLines(message: string): string {
  return message
    .split('\n')
    .map((line) => safe(line, LONGEST_LINE))
    .join('\n');
}

function parse(command: Command, args: readonly string[], options: Command['options']) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nUsage: drill ${command.name} ${command.usage}`);
  }
}

function help({ out }: CliContext): number {
  const width = Math.max(...COMMANDS.map(({ name, usage }) => name.length + usage.length)) + 3;
  const lines = COMMANDS.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}${summary}`);
  out.write(`Usage: drill <command>\n\nWithout a command: run plans/shop-ecs.yaml\n\n${lines.join('\n')}\n`);
  return EXIT.ok;
}

function usage({ out }: CliContext, { name, usage, summary, details, options }: Command): number {
  const names = Object.keys(options).map((option) => `--${option}`);
  const more = details ? `\n${details().join('\n')}\n` : '';
  out.write(
    `Usage: drill ${name} ${usage}\n\n${summary}\n${names.length > 0 ? `\nOptions: ${names.join(', ')}\n` : ''}${more}`,
  );
  return EXIT.ok;
}
