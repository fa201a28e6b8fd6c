import type { Judgement } from '../validation.ts';
import type { Trouble } from './trouble.ts';

/** What an endpoint answered, up to the first attempt that was not healthy. */
export interface EndpointSeen {
  readonly name: string;
  /** `200 in 12 ms`, one for each request that was sent. */
  readonly told: readonly string[];
  readonly trouble: Trouble | null;
}

const MOST_NAMED = 5;

/** Every endpoint must have been healthy `attempts` times running. */
export function judgeEndpoints(seen: readonly EndpointSeen[], attempts: number): Judgement {
  const evidence = seen.map(({ name, told }) => `${name}: ${told.join(', ') || 'not asked'}`);
  const ill = seen.filter(({ trouble }) => trouble !== null);
  const short = seen.filter(({ trouble, told }) => trouble === null && told.length < attempts);
  const healthy = seen.length - ill.length - short.length;
  const count = `${healthy} of ${seen.length} endpoints healthy ${attempts} times running`;
  if (seen.length > 0 && healthy === seen.length) return { verdict: 'passed', reason: count, evidence };
  const hasFailed = ill.some(({ trouble }) => trouble?.verdict === 'failed');
  const why = [
    ...ill.map((one) => troubleOf(one, attempts)),
    ...short.map(({ name }) => `${name}: not asked`),
  ];
  const more = why.length > MOST_NAMED ? [`and ${why.length - MOST_NAMED} more`] : [];
  const reason = [count, ...why.slice(0, MOST_NAMED), ...more].join('; ');
  return { verdict: hasFailed ? 'failed' : 'unknown', reason, evidence };
}

function troubleOf({ name, told, trouble }: EndpointSeen, attempts: number): string {
  const at = told.length > 1 ? ` (attempt ${told.length} of ${attempts})` : '';
  return `${name}: ${trouble?.reason}${at}`;
}
