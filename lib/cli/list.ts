import { drillList } from '../adapters/aws/listing.ts';
import type { ListedDrill } from '../ports/receipts.ts';
import { json } from '../report/json.ts';
import { type Output, safe } from '../report/text.ts';
import { type CliArguments, type Command, EXIT, UsageError } from './command.ts';
import { listTable } from './list-table.ts';
import { attach } from './running.ts';
import { ifStored } from './stored.ts';

const USUAL_LIMIT = 20;
const HIGHEST_LIMIT = 1_000;

export const list: Command = {
  name: 'list',
  usage: '[--target T] [--limit N] [--json]',
  summary: `The newest drills and what came of them, ${USUAL_LIMIT} unless --limit says otherwise.`,
  options: { target: { type: 'string' }, limit: { type: 'string' }, json: { type: 'boolean' } },
  async run(context, args) {
    const query = queryFrom(args);
    const drills = (await ifStored(context, () => drillList().newest(query))) ?? [];
    if (args.values.json === true) {
      context.out.write(json(drills));
      return EXIT.ok;
    }
    const open = (await attach(context.directory)) ? 'running' : 'open';
    context.out.write(drills.length === 0 ? none(query.target) : page(drills, open, context.out));
    return EXIT.ok;
  },
};

function queryFrom({ positionals, values }: CliArguments): { target: string | undefined; limit: number } {
  if (positionals.length > 0)
    throw new UsageError(`list takes no '${safe(positionals[0] ?? '')}'. One drill: drill show <id>.`);
  const written = (values.limit as string | undefined) ?? String(USUAL_LIMIT);
  const limit = /^\d{1,6}$/.test(written) ? Number(written) : 0;
  if (limit < 1 || limit > HIGHEST_LIMIT) {
    throw new UsageError(
      `--limit must be a whole number from 1 to ${HIGHEST_LIMIT}; received '${safe(written)}'.`,
    );
  }
  return { target: values.target as string | undefined, limit };
}

function none(target: string | undefined): string {
  return target === undefined
    ? "No drills yet. 'drill run plans/shop-ecs.yaml' runs the first one.\n"
    : `No drills of target ${safe(target)}. Targets are named like ecs:CLUSTER/SERVICE; 'drill list' shows all.\n`;
}

function page(drills: readonly ListedDrill[], open: 'running' | 'open', out: Output): string {
  const isLeft = open === 'open' && drills.some(({ outcome }) => outcome === null);
  const hint = isLeft ? "\nAn open drill was interrupted: 'drill recover' finishes it.\n" : '';
  return `${listTable(drills, open, out)}\n${hint}`;
}
