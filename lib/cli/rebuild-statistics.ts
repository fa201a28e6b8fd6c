import { drillHistory, statistics } from '../adapters/aws/wiring/records.ts';
import { json } from '../report/json.ts';
import { type Output, paintOn, safe } from '../report/text.ts';
import { type Rebuilt, rebuildStatistics } from '../steps/rebuild-statistics.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { differing } from './differing.ts';
import { ifStored } from './stored.ts';

export const rebuildStatisticsCommand: Command = {
  name: 'rebuild-statistics',
  usage: '[--target T] [--dry-run] [--json]',
  summary:
    'Computes statistics again from all receipts, tells what differs and puts it right. Exit 1 when it could not.',
  options: { target: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } },
  async run(context, { positionals, values }) {
    if (positionals.length > 0)
      throw new UsageError(
        `rebuild-statistics takes no '${safe(positionals[0] ?? '')}'. One target: --target T.`,
      );
    const only = values.target as string | undefined;
    const repair = values['dry-run'] === true ? 'only-tell' : 'repair';
    const rebuilt = (await ifStored(context, () => rebuild(only, repair))) ?? [];
    if (only !== undefined && rebuilt.every(isNothing)) throw unknownTarget(only);
    context.out.write(values.json === true ? json(rebuilt.map(asJson)) : asText(rebuilt, context.out));
    return rebuilt.every(({ kind }) => kind === 'agreed' || kind === 'repaired') ? EXIT.ok : EXIT.fault;
  },
};

async function rebuild(
  only: string | undefined,
  repair: 'repair' | 'only-tell',
): Promise<readonly Rebuilt[]> {
  const ports = { statistics: statistics(), history: drillHistory() };
  const rebuilt: Rebuilt[] = [];
  for (const target of only === undefined ? await ports.history.targets() : [only])
    rebuilt.push(await rebuildStatistics(ports, target, { repair }));
  return rebuilt;
}

function isNothing({ stored, recomputed }: Rebuilt): boolean {
  return stored === null && recomputed.receipts === 0 && recomputed.outcomes.refused === 0;
}

function unknownTarget(target: string): UsageError {
  return new UsageError(
    `Nothing is known of target ${safe(target)}. Targets are named like ecs:CLUSTER/SERVICE; 'drill stats' shows all.`,
  );
}

function asJson(rebuilt: Rebuilt): object {
  const { target, kind, stored, recomputed } = rebuilt;
  const findings = rebuilt.kind === 'not-proven' ? rebuilt.findings : [];
  return {
    target,
    kind,
    receipts: recomputed.receipts,
    differences: differing(stored, recomputed),
    findings,
  };
}

function asText(rebuilt: readonly Rebuilt[], out: Output): string {
  if (rebuilt.length === 0)
    return "No statistics yet. 'drill run plans/shop-ecs.yaml' runs the first drill.\n";
  const paint = paintOn(out);
  const lines = rebuilt.flatMap((one) => {
    const isGood = one.kind === 'agreed' || one.kind === 'repaired';
    return [`${safe(one.target)}: ${paint(isGood ? 'green' : 'red', TOLD[one.kind](one))}`, ...details(one)];
  });
  return `${lines.join('\n')}\n`;
}

const TOLD: Readonly<Record<Rebuilt['kind'], (rebuilt: Rebuilt) => string>> = {
  agreed: ({ recomputed }) => `agrees with its ${recomputed.receipts} receipts to the digit`,
  repaired: ({ recomputed }) => `computed again from ${recomputed.receipts} receipts and put right`,
  'would-repair': ({ recomputed }) => `differs from its ${recomputed.receipts} receipts; nothing was changed`,
  changing: () => 'drills were sealed meanwhile, nothing was changed; run it again',
  'not-proven': () => 'not touched: its receipts do not prove themselves; drill verify tells more',
};

function details(rebuilt: Rebuilt): readonly string[] {
  if (rebuilt.kind === 'agreed') return [];
  if (rebuilt.kind === 'not-proven')
    return rebuilt.findings.map(
      ({ receipt, part, message }) => `  ${safe(receipt)}: ${safe(part)}: ${safe(message)}`,
    );
  return differing(rebuilt.stored, rebuilt.recomputed).map(
    ({ path, left, right }) =>
      `  ${safe(path === '' ? 'all' : path)}: stored ${short(left)}, computed ${short(right)}`,
  );
}

function short(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : safe(JSON.stringify(value), 120);
}
