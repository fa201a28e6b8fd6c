import { journal, receipts } from '../adapters/aws/wiring/records.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Drill } from '../ports/drills.ts';
import { html } from '../report/html.ts';
import { json } from '../report/json.ts';
import { markdown } from '../report/markdown.ts';
import { safe } from '../report/text.ts';
import { type CliArguments, type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { idNamed } from './drill-name.ts';
import { ifStored } from './stored.ts';
import { summary } from './summary.ts';
import { timeline } from './timeline.ts';

export const show: Command = {
  name: 'show',
  usage: '<id or TARGET#NNN> [--json, --md or --html]',
  summary: 'One drill: its receipt, or for a drill that was refused its record.',
  options: { json: { type: 'boolean' }, md: { type: 'boolean' }, html: { type: 'boolean' } },
  async run(context, { positionals, values }) {
    const name = oneName(positionals);
    const form = formFrom(values);
    const found = await ifStored(context, () => find(name));
    if (!found) throw unknown(name);
    context.out.write(
      found.kind === 'sealed' ? sealed(found.record, form, context) : open(found.drill, form, context),
    );
    return EXIT.ok;
  },
};

const DOCUMENTS = ['json', 'md', 'html'] as const;

type Form = 'text' | (typeof DOCUMENTS)[number];

type Found =
  | { readonly kind: 'sealed'; readonly record: Receipt | DrillRecord }
  | { readonly kind: 'open'; readonly drill: Drill };

function oneName(positionals: readonly string[]): string {
  const [name, ...others] = positionals;
  if (!name)
    throw new UsageError(
      "Which drill? Its id, or TARGET#NNN like ecs:demo/shop#001; 'drill list' shows them.",
    );
  if (others.length > 0) throw new UsageError(`One drill at a time, received ${positionals.length}.`);
  return name;
}

function formFrom(values: CliArguments['values']): Form {
  const [form = 'text', ...others] = DOCUMENTS.filter((name) => values[name] === true);
  if (others.length > 0)
    throw new UsageError(`One of --json, --md and --html; received --${[form, ...others].join(' and --')}.`);
  return form;
}

async function find(name: string): Promise<Found | undefined> {
  const id = await idNamed(name);
  if (id === undefined) return undefined;
  const record = await receipts().find(id);
  if (record) return { kind: 'sealed', record };
  const drill = await journal().read(id).catch(absent);
  return drill && { kind: 'open', drill };
}

function absent(error: Error): undefined {
  if (error.name !== 'DrillNotFound') throw error;
}

function unknown(name: string): UsageError {
  return new UsageError(
    `There is no drill '${safe(name, 100)}'. 'drill list' shows the drills there are; name one by its id or as TARGET#NNN, for example ecs:demo/shop#001.`,
  );
}

function sealed(record: Receipt | DrillRecord, form: Form, { out }: CliContext): string {
  switch (form) {
    case 'json':
      return json(record);
    case 'md':
      return markdown(record);
    case 'html':
      return html(record);
    case 'text':
      return `${summary(record, out)}\n`;
    default:
      return form satisfies never;
  }
}

/** A drill without a receipt: what its journal says so far. */
function open(drill: Drill, form: Form, { out }: CliContext): string {
  const { drillId: id, at: startedAt, target, plan, startedBy } = drill.opened;
  if (form === 'md' || form === 'html')
    throw new UsageError(`Drill ${safe(id)} has no receipt yet; without --${form} its journal is shown.`);
  if (form === 'json') {
    const { phase, journal: entries } = drill;
    return json({ id, target, plan, startedBy, startedAt, outcome: null, phase, journal: entries });
  }
  const lines = timeline(out, Date.parse(startedAt));
  lines.show(drill, Date.now());
  lines.end();
  return "\nThis drill has no receipt yet: it is running, or it was interrupted and 'drill recover' finishes it.\n";
}
