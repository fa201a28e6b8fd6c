import { parsePlan } from '../drill/plan/plan.ts';
import { safe } from '../report/text.ts';
import { type CliContext, type Command, EXIT, UsageError } from './command.ts';
import { MOST_PLAN_BYTES, readInput } from './input-file.ts';

export const check: Command = {
  name: 'check',
  usage: '<plan.yaml>…',
  summary: 'Validates plans and prints every error with its place. Touches nothing.',
  options: {},
  async run(context, { positionals }) {
    if (positionals.length === 0)
      throw new UsageError('Which plan? For example: drill check plans/shop-ecs.yaml');
    let wrong = 0;
    for (const file of positionals) {
      const errors = await errorsIn(file, context);
      const lines =
        errors.length > 0 ? errors.map((error) => `${safe(file)}: ${error}`) : [`${safe(file)}: ok`];
      context.out.write(`${lines.join('\n')}\n`);
      wrong += errors.length;
    }
    return wrong === 0 ? EXIT.ok : EXIT.usage;
  },
};

async function errorsIn(file: string, { environment }: CliContext): Promise<readonly string[]> {
  const input = await readInput(file, MOST_PLAN_BYTES);
  if (input.kind === 'unreadable') return [`cannot be read: ${safe(input.reason)}`];
  const parsed = parsePlan(input.text, { environment });
  if (parsed.kind === 'plan') return [];
  return parsed.errors.map(({ place, message }) => safe(`${place}: ${message}`, 1_000));
}
