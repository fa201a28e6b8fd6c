import { MARKS } from '../drill/clock.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Block } from './page.ts';

interface Moment {
  readonly at: string;
  readonly what: string;
}

/** Everything of a receipt that has a time, to the second, the earliest first. */
export function timeline(receipt: Receipt): Block {
  const moments = [...marks(receipt), ...steps(receipt), ...triggers(receipt), ...people(receipt)];
  const rows = moments
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, what }) => [secondOf(at), what]);
  return { kind: 'table', head: ['at', 'what'], rows };
}

function marks({ marks: all }: Receipt): readonly Moment[] {
  return MARKS.flatMap((name) => {
    const mark = all[name];
    return mark.at === null ? [] : [{ at: mark.at, what: `${name} (${mark.source}): ${mark.evidence}` }];
  });
}

function steps({ steps: all }: Receipt): readonly Moment[] {
  return all.map(({ name, startedAt, status, attempts }) => ({
    at: startedAt,
    what: `${name} begins${attempts > 1 ? `, after ${attempts - 1} retries` : ''}${status === 'faulted' ? ', and breaks' : ''}`,
  }));
}

function triggers({ triggers: { alsoObserved } }: Receipt): readonly Moment[] {
  return alsoObserved.map(({ at, name, evidence }) => ({ at, what: `also observed: ${name}: ${evidence}` }));
}

function people({ people: all = [] }: Partial<Pick<Receipt, 'people'>>): readonly Moment[] {
  return all.map(({ at, by, did, reason }) => ({ at, what: `${by} ${did}: ${reason}` }));
}

function secondOf(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}
