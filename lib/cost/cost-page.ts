import { type DrillCost, drillCost, type Lasting, type Recording, USUAL } from './drill-cost.ts';
import { FIS_USD_PER_ACTION_MINUTE, METERS, type Meter, PRICES_AS_OF, STORED } from './prices.ts';
import { KEPT_BY_A_PLAN, KEPT_BY_THE_STACK, monthlyUsd } from './standing.ts';
import { added, dearestFirst, type Usage, usdFor, usdOf } from './usage.ts';

/** What a drill of the usual length costs, US dollars at list prices. */
export function usualUsd(recording: Recording): number {
  return usdOf(whole(drillCost(recording, USUAL)));
}

/** The section of the README, in Markdown. */
export function costSection(recording: Recording): string {
  const cost = drillCost(recording, USUAL);
  return [
    '## What one drill costs',
    '',
    `About **US$ ${money(usualUsd(recording))}**, at list prices of us-east-1 (${PRICES_AS_OF}) and without free tiers: computed, not billed.`,
    ...method(recording),
    '',
    ...table(cost),
    '',
    ...comparison(recording),
    '',
    ...monthly(),
    '',
  ].join('\n');
}

function whole({ witness, rest }: DrillCost): Usage {
  return added(witness, rest);
}

function method({ plan, recordedOn, seconds, probeIntervalMs }: Recording): readonly string[] {
  return [
    `\`npm run bench:cost\` counts the calls of a real drill in the sandbox (\`${plan}\`, ${recordedOn}: ${seconds.active} s, then ${seconds.quiet} s of quiet`,
    `period, a probe every ${probeIntervalMs} ms), and puts in their place ${USUAL.activeSeconds / 60} minutes until all is restored and validated, and the`,
    `default quiet period of ${USUAL.quietSeconds / 60} minutes. Events of AWS services cost nothing.`,
  ];
}

function table(cost: DrillCost): readonly string[] {
  const all = whole(cost);
  const row = (meter: Meter): string =>
    `| ${METERS[meter].what} | ${amount(cost.witness[meter])} | ${amount(cost.rest[meter])} | ${money(usdFor(meter, all[meter]))} |`;
  const sums = [cost.witness, cost.rest, all].map((usage) => `**${money(usdOf(usage))}**`);
  return [
    '| what is charged | the witness | the rest | US$ |',
    '|---|---|---|---|',
    ...dearestFirst(all).map(row),
    `| **US$** | ${sums.join(' | ')} |`,
  ];
}

/** A minute more of each kind, and the same on the service of AWS that injects faults. */
function comparison(recording: Recording): readonly string[] {
  const minute = (more: keyof Lasting): string => {
    const longer = { ...USUAL, [more]: USUAL[more] + 60 };
    return money(usdOf(whole(drillCost(recording, longer))) - usualUsd(recording));
  };
  const minutes = (USUAL.activeSeconds + USUAL.quietSeconds) / 60;
  return [
    `A minute more of quiet period costs US$ ${minute('quietSeconds')}, of anything else US$ ${minute('activeSeconds')}. AWS Fault Injection Service charges`,
    `US$ ${FIS_USD_PER_ACTION_MINUTE.toFixed(2)} for each minute of an action, US$ ${(minutes * FIS_USD_PER_ACTION_MINUTE).toFixed(2)} for one that lasts as long. Not counted: the target's own known-bad tasks, traffic that`,
    "leaves the Region, and a cache purge beyond CloudFront's 1,000 free paths a month (US$ 0.005 a path).",
  ];
}

function monthly(): readonly string[] {
  const [stack, plan] = [monthlyUsd(KEPT_BY_THE_STACK), monthlyUsd(KEPT_BY_A_PLAN)].map((usd) =>
    usd.toFixed(2),
  );
  return [
    `Nothing runs between drills. Kept for each month are the alarms of the product and its dashboard (US$ ${stack}; three dashboards of an`,
    `account are free), the alarms of each plan with \`recommendedAlarms\` (at most US$ ${plan}), and what is stored:`,
    '',
    '| stored | US$ a GB and month |',
    '|---|---|',
    ...Object.values(STORED).map(({ what, usd }) => `| ${what} | ${usd.toFixed(3)} |`),
  ];
}

function money(usd: number): string {
  return usd < 0.00005 ? '< 0.0001' : usd.toFixed(4);
}

function amount(value = 0): string {
  if (value === 0) return '–';
  return value < 10 ? String(Number(value.toFixed(1))) : Math.round(value).toLocaleString('en');
}
