import type { Judgement } from '../validation.ts';
import type { Trouble } from './trouble.ts';

/** What a request of a session showed. */
export interface Shown {
  readonly told: string | null;
  readonly trouble: Trouble | null;
}

export interface SessionsSeen {
  /** How old the session from before the drill was when it was used. */
  readonly ageMs: number;
  readonly old: Shown;
  readonly login: Shown;
  /** The session of that login; `null` when there was none. */
  readonly fresh: Shown | null;
}

/** A session from before the drill must still work, and a new login as well. */
export function judgeSessions({ ageMs, old, login, fresh }: SessionsSeen): Judgement {
  const oldName = `the session from before the drill (${Math.round(ageMs / 1000)} s old)`;
  const seen = [
    { name: oldName, shown: old, broken: 'no longer works' },
    fresh
      ? { name: 'the session of a new login', shown: fresh, broken: 'does not work' }
      : { name: 'a new login', shown: login, broken: 'is not possible' },
  ];
  const evidence = [
    `before the drill: ${told(old)}`,
    `new login: ${told(login)}`,
    ...(fresh ? [`after the new login: ${told(fresh)}`] : []),
  ];
  const parts = seen.map(({ name, shown, broken }) =>
    shown.trouble ? `${name} ${wordsFor(shown.trouble, broken)}` : `${name} works: ${shown.told}`,
  );
  const works = seen.filter(({ shown }) => shown.trouble === null && shown.told !== null);
  const reason = `${works.length} of 2 sessions work; ${parts.join('; ')}`;
  if (works.length === 2 && fresh !== null) return { verdict: 'passed', reason, evidence };
  const hasFailed = seen.some(({ shown }) => shown.trouble?.verdict === 'failed');
  return { verdict: hasFailed ? 'failed' : 'unknown', reason, evidence };
}

function wordsFor({ verdict, reason }: Trouble, broken: string): string {
  return verdict === 'failed' ? `${broken}: ${reason}` : `could not be tried: ${reason}`;
}

function told({ told, trouble }: Shown): string {
  return [told, trouble?.reason].filter(Boolean).join('; ');
}
