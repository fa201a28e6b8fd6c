import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { safe } from '../report/text.ts';
import { type CliArguments, type Command, EXIT, UsageError } from './command.ts';
import { type PlanFor, planText } from './init/plan-text.ts';
import { readPipeline } from './init/read-pipeline.ts';
import { readService } from './init/read-service.ts';

export const init: Command = {
  name: 'init',
  usage: '--ecs CLUSTER/SERVICE or --pipeline NAME [--stage STAGE] [--name NAME] [FILE]',
  summary:
    'Writes a plan for a real service or pipeline, from what AWS tells of it. Only reads in the account; never overwrites a file.',
  options: {
    ecs: { type: 'string' },
    pipeline: { type: 'string' },
    stage: { type: 'string' },
    name: { type: 'string' },
  },
  async run({ out }, args) {
    if (args.positionals.length > 1)
      throw new UsageError(`One file at a time, received ${args.positionals.length}.`);
    const name = nameFrom(args.values);
    const plan = await found(args.values, name);
    const file = args.positionals[0] ?? join('plans', `${plan.name}.yaml`);
    await writeOnce(file, planText(plan));
    out.write(
      `${safe(file, 1_000)} is written. Fill in every \${…} in it, then: drill check ${safe(file, 1_000)}\n`,
    );
    return EXIT.ok;
  },
};

const PLAN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function nameFrom({ name }: CliArguments['values']): string | undefined {
  if (name === undefined || PLAN_NAME.test(String(name))) return name as string | undefined;
  throw new UsageError(
    `--name: must be 1 to 64 letters, digits, '-', '_' or '.'; received '${safe(String(name), 100)}'.`,
  );
}

async function found(values: CliArguments['values'], name: string | undefined): Promise<PlanFor> {
  const { ecs, pipeline, stage } = values as Readonly<Record<string, string | undefined>>;
  if ((ecs === undefined) === (pipeline === undefined))
    throw new UsageError('What is to be drilled? Give one of --ecs CLUSTER/SERVICE and --pipeline NAME.');
  if (ecs !== undefined) {
    if (stage !== undefined) throw new UsageError('--stage goes with --pipeline.');
    const { cluster, service } = serviceFrom(ecs);
    return { name: name ?? usable(service), service: await readService(cluster, service), pipeline: null };
  }
  const read = await readPipeline(pipeline ?? '', stage);
  const service = await readService(read.cluster, read.service);
  return { name: name ?? usable(read.pipeline.pipeline), service, pipeline: read.pipeline };
}

function serviceFrom(ecs: string): { cluster: string; service: string } {
  const { cluster, service } = /^(?<cluster>[\w-]{1,255})\/(?<service>[\w-]{1,255})$/.exec(ecs)?.groups ?? {};
  if (cluster !== undefined && service !== undefined) return { cluster, service };
  throw new UsageError(`--ecs: must be CLUSTER/SERVICE, like demo/shop; received '${safe(ecs, 200)}'.`);
}

function usable(name: string): string {
  return (
    name
      .replaceAll(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64) || 'plan'
  );
}

async function writeOnce(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? 'it is there already, and is never overwritten' : message;
    throw new UsageError(`${safe(file, 1_000)} cannot be written: ${reason}. Name another file.`);
  }
}
