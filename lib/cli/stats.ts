import { join } from 'node:path';
import { drillHistory, statistics } from '../adapters/aws/wiring/records.ts';
import { pathReader } from '../adapters/aws/wiring/targets.ts';
import { deployedPlans } from '../adapters/plans.ts';
import type { Answer, Window } from '../drill/statistics/answer.ts';
import { asOfFrom, sinceFrom, TimeError } from '../drill/statistics/as-of.ts';
import { DEFINITIONS } from '../drill/statistics/definitions.ts';
import type { PathReader } from '../ports/target.ts';
import { json } from '../report/json.ts';
import { safe } from '../report/text.ts';
import { MOST_DRILLS_IN_WINDOW, statisticsOf, statisticsOfWindow } from '../steps/answers/statistics.ts';
import { type CliArguments, type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { functionsDirectory } from './local.ts';
import { attach } from './running.ts';
import { statisticsPage } from './statistics-page.ts';
import { ifStored } from './stored.ts';

export const stats: Command = {
  name: 'stats',
  usage: '[--target T] [--last N or --since 90d] [--as-of DAY] [--json]',
  summary: 'How fast and how reliably each target rolls back, from all its drills or the newest ones.',
  details: () => Object.entries(DEFINITIONS).map(([name, text]) => `  ${name}\n      ${text}`),
  options: {
    target: { type: 'string' },
    last: { type: 'string' },
    since: { type: 'string' },
    'as-of': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(context, args) {
    const query = queryFrom(args);
    const answers = (await ifStored(context, () => answersTo(context, query))) ?? [];
    if (query.target !== undefined && answers.length === 0) throw unknownTarget(query.target);
    if (args.values.json === true) context.out.write(json(document(query, answers)));
    else context.out.write(answers.length === 0 ? NO_DRILLS : statisticsPage(answers, context.out));
    return EXIT.ok;
  },
};

const NO_DRILLS = "No drills yet. 'drill run plans/shop-ecs.yaml' runs the first one.\n";

interface Query {
  readonly target: string | undefined;
  readonly asOf: number;
  readonly window: Window;
}

function queryFrom({ positionals, values }: CliArguments): Query {
  if (positionals.length > 0)
    throw new UsageError(`stats takes no '${safe(positionals[0] ?? '')}'. One target: --target T.`);
  const text = (name: string) => values[name] as string | undefined;
  const [target, last, since] = [text('target'), text('last'), text('since')];
  if (last !== undefined && since !== undefined) throw new UsageError('--last or --since, not both.');
  const asOf =
    text('as-of') === undefined ? Date.now() : timeOf('--as-of', () => asOfFrom(text('as-of') ?? ''));
  return { target, asOf, window: windowFrom(last, since, asOf) };
}

function windowFrom(last: string | undefined, since: string | undefined, asOf: number): Window {
  if (last !== undefined) return { kind: 'last', drills: countFrom(last) };
  if (since !== undefined) return { kind: 'since', at: timeOf('--since', () => sinceFrom(since, asOf)) };
  return { kind: 'all' };
}

function countFrom(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_DRILLS_IN_WINDOW) return count;
  throw new UsageError(
    `--last must be a whole number from 1 to ${MOST_DRILLS_IN_WINDOW}; received '${safe(text)}'.`,
  );
}

function timeOf<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    throw new UsageError(`${option}: ${safe(error.message)}`);
  }
}

/** Longer keys the table does not have. */
const LONGEST_TARGET = 500;

async function answersTo(context: CliContext, { target, asOf, window }: Query): Promise<readonly Answer[]> {
  if (target !== undefined && (target === '' || target.length > LONGEST_TARGET)) return [];
  const store = statistics();
  const ports = { statistics: store, history: drillHistory(), pathNow: await pathNow(context) };
  const answers: Answer[] = [];
  for (const one of target === undefined ? await store.targets() : [target]) {
    const question = { target: one, asOf };
    const answer = await (window.kind === 'all'
      ? statisticsOf(ports, question)
      : statisticsOfWindow(ports, { ...question, window }));
    if (answer && (target !== undefined || isDrilled(answer))) answers.push(answer);
  }
  return answers;
}

/** What is only deployed to is told when it is asked for by its name. */
function isDrilled({ outcomes }: Answer): boolean {
  return Object.values(outcomes).some((count) => count > 0);
}

async function pathNow({ directory }: CliContext): Promise<PathReader> {
  if (await attach(directory))
    return pathReader(deployedPlans(join(functionsDirectory(directory), 'load-plan', 'plans')));
  return () => Promise.reject(new Error('no sandbox is up'));
}

/** Without --target all targets are listed; where there is only one, its figures stand beside the list too. */
function document({ target, asOf }: Query, answers: readonly Answer[]): object {
  const [only, ...others] = answers;
  if (target !== undefined && only) return only;
  const single = others.length === 0 ? only : undefined;
  return { asOf: new Date(asOf).toISOString(), ...single, targets: answers };
}

function unknownTarget(target: string): UsageError {
  return new UsageError(
    `Nothing is known of target ${safe(target)}. Targets are named like ecs:CLUSTER/SERVICE; 'drill stats' shows all. Drills from before statistics were kept are counted by 'drill rebuild-statistics'.`,
  );
}
