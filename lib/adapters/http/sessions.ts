import * as v from 'valibot';
import { iso } from '../../drill/clock.ts';
import { beforeOf } from '../../drill/journal.ts';
import type { ValidationOf } from '../../drill/plan/plan.ts';
import { hiding, masked } from '../../drill/validations/masked.ts';
import { judgeSessions } from '../../drill/validations/sessions.ts';
import { unknown } from '../../drill/validations/trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets, Validator } from '../../ports/validations.ts';
import { judgedWithSecrets, type KnownSecrets, knownSecrets } from './known-secrets.ts';
import { namesIn } from './template.ts';
import { type Asked, notSent, type Visited, visitor } from './visitor.ts';

interface Ports {
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets: Secrets;
}

type Sessions = ValidationOf<'sessions'>;

const Issued = v.object({
  issuedAt: v.pipe(v.string(), v.isoTimestamp()),
  values: v.record(v.string(), v.string()),
});
type Values = v.InferOutput<typeof Issued>['values'];

/** Shorter values are no secrets, and would be taken for the words around them. */
const SHORTEST_HIDDEN = 4;

/**
 * Logs in before the drill and keeps what the probe needs of that session, and nothing else, in the journal: it is needed
 * again after the rollback. Nothing tells it but the journal's own item, which nobody but the functions can read. Afterwards
 * the same session must work, and one of a new login. Each probe has what was captured, and no cookies beside it.
 */
export function sessions(ports: Ports): Required<Validator<'sessions'>> {
  return {
    async before(validation, _drill, signal) {
      const knowing = await knownSecrets(ports.secrets, validation, signal);
      if (knowing.kind === 'missing') throw new SessionNotProven(knowing.reason);
      const trying = tryingOf(ports, validation, knowing.values, signal);
      const issuedAt = iso(ports.clock.now());
      const { login, values } = await trying.logIn();
      const probed = login.trouble ? login : await trying.probe(values);
      if (!probed.trouble) return { issuedAt, values };
      const what = login.trouble ? 'the login' : 'the probe with a new session';
      const hide = hiding(shownNowhere(knowing.values, values));
      throw new SessionNotProven(hide(`${what} does not work before the drill: ${probed.trouble.reason}`));
    },
    judge: (validation, drill, signal) =>
      judgedWithSecrets(ports.secrets, validation, signal, async (known) => {
        const issued = v.safeParse(Issued, beforeOf(drill.journal, validation.name));
        if (!issued.success) {
          const reason = 'no session from before the drill is in the journal';
          return { verdict: 'unknown', reason, evidence: [] };
        }
        const { issuedAt, values: old } = issued.output;
        const trying = tryingOf(ports, validation, known, signal);
        const ageMs = ports.clock.now() - Date.parse(issuedAt);
        const before = await trying.probe(old);
        const { login, values } = await trying.logIn();
        const fresh = login.trouble ? null : await trying.probe(values);
        const judgement = judgeSessions({ ageMs, old: before, login, fresh });
        return masked(judgement, shownNowhere(new Map(Object.entries(old)), values));
      }),
  };
}

/** The drill would compare with a session that never worked. */
class SessionNotProven extends Error {
  override readonly name = 'SessionNotProven';
}

function tryingOf({ clock }: Ports, validation: Sessions, known: KnownSecrets, signal: AbortSignal) {
  const { login, probe, timeoutMs: limitMs } = validation;
  const endsAt = clock.now() + limitMs;
  const limit = `all requests together may take ${limitMs} ms`;
  const needed = new Set(namesIn(probe));
  const ask = async (asked: Asked, values: ReadonlyMap<string, string>) => {
    const user = visitor(clock, values);
    const timeoutMs = endsAt - clock.now();
    if (timeoutMs <= 0 || signal.aborted)
      return { user, seen: notSent(unknown(`not sent, as all of the ${limitMs} ms were over`)) };
    return { user, seen: await user.ask(asked, { timeoutMs, limit, signal }) };
  };
  return {
    async logIn(): Promise<{ readonly login: Visited; readonly values: Values }> {
      const { user, seen } = await ask(login, known);
      const captured = [...user.values].filter(([name]) => needed.has(name) && name in login.capture);
      return { login: seen, values: Object.fromEntries(captured) };
    },
    probe: async (values: Values): Promise<Visited> =>
      (await ask(probe, new Map([...known, ...Object.entries(values)]))).seen,
  };
}

function shownNowhere(known: ReadonlyMap<string, string>, values: Values): readonly string[] {
  return [...known.values(), ...Object.values(values)].filter(({ length }) => length >= SHORTEST_HIDDEN);
}
