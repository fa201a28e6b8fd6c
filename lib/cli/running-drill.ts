import { journal, receipts } from '../adapters/aws/wiring/records.ts';
import type { Drill } from '../ports/drills.ts';
import { safe } from '../report/text.ts';
import { type CliContext, UsageError } from './command.ts';
import { idNamed } from './drill-name.ts';
import { attach } from './running.ts';
import { useSandbox } from './settings.ts';

/** The running drill that a person means: the one that is named, or the only one there is. */
export async function runningDrill(
  { directory }: CliContext,
  positionals: readonly string[],
): Promise<Drill> {
  const [name, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`One drill at a time, received ${positionals.length}.`);
  const running = await attach(directory);
  if (!running)
    throw new UsageError("No sandbox is up, so no drill is running. 'drill recover' finishes what was left.");
  useSandbox(running.environment);
  return name === undefined ? onlyDrill() : drillNamed(name);
}

async function onlyDrill(): Promise<Drill> {
  const open = await journal().openDrills();
  const [id, ...others] = open;
  if (id === undefined) throw new UsageError("No drill is running. 'drill list' shows the drills there are.");
  if (others.length > 0)
    throw new UsageError(
      `${open.length} drills are running; name one of them: ${open.map((one) => safe(one)).join(', ')}.`,
    );
  return journal().read(id);
}

async function drillNamed(name: string): Promise<Drill> {
  const id = await idNamed(name);
  const record = id === undefined ? undefined : await receipts().find(id);
  if (record)
    throw new UsageError(
      `Drill ${safe(record.id)} is over: ${record.outcome}, ${safe(record.reasons.join('; '))}. 'drill show ${safe(record.id)}' shows what came of it.`,
    );
  if (id === undefined) throw notFound(name);
  return journal()
    .read(id)
    .catch((error: Error) => {
      throw error.name === 'DrillNotFound' ? notFound(name) : error;
    });
}

function notFound(name: string): UsageError {
  return new UsageError(`There is no drill '${safe(name, 100)}'. 'drill list' shows the drills there are.`);
}
