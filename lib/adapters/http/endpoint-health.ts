import type { ValidationOf } from '../../drill/plan/plan.ts';
import { type EndpointSeen, judgeEndpoints } from '../../drill/validations/endpoint-health.ts';
import { unknown } from '../../drill/validations/trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets, Validator } from '../../ports/validations.ts';
import { sideBySide } from '../side-by-side.ts';
import { judgedWithSecrets, type KnownSecrets } from './known-secrets.ts';
import { visitor } from './visitor.ts';

interface Ports {
  readonly clock: Clock;
  readonly secrets: Secrets;
}

type EndpointHealth = ValidationOf<'endpoint-health'>;

const MOST_AT_ONCE = 5;
/** An endpoint that hangs must leave time for the others, unless its plan gives it more. */
const ANSWER_LIMIT_MS = 5_000;

/** Asks every endpoint as often as it must be healthy, each time over a connection of its own, until it is not. */
export function endpointHealth({ clock, secrets }: Ports): Validator<'endpoint-health'>['judge'] {
  return async (validation, _drill, signal) => {
    const endsAt = clock.now() + validation.timeoutMs;
    return judgedWithSecrets(secrets, validation, signal, async (known) => {
      const asking = { clock, known, signal, endsAt, validation };
      const seen = await sideBySide(validation.endpoints, MOST_AT_ONCE, (endpoint) => look(endpoint, asking));
      return judgeEndpoints(seen, validation.attempts);
    });
  };
}

interface Asking {
  readonly clock: Clock;
  readonly known: KnownSecrets;
  readonly signal: AbortSignal;
  readonly endsAt: number;
  readonly validation: EndpointHealth;
}

async function look(endpoint: EndpointHealth['endpoints'][number], asking: Asking): Promise<EndpointSeen> {
  const { clock, known, signal, endsAt, validation } = asking;
  const { name } = endpoint;
  const user = visitor(clock, known);
  const limitMs = Math.max(ANSWER_LIMIT_MS, endpoint.expect.withinMs ?? 0);
  const told: string[] = [];
  while (told.length < validation.attempts) {
    if (told.length > 0) await clock.sleep(validation.intervalMs, signal);
    const leftMs = endsAt - clock.now();
    if (leftMs <= 0 || signal.aborted)
      return {
        name,
        told,
        trouble: unknown(`not asked, as all of the ${validation.timeoutMs} ms were over`),
      };
    const timeoutMs = Math.min(limitMs, leftMs);
    const seen = await user.ask(endpoint, { timeoutMs, limit: `it may take ${timeoutMs} ms`, signal });
    if (seen.told !== null) told.push(seen.told);
    if (seen.trouble) return { name, told, trouble: seen.trouble };
  }
  return { name, told, trouble: null };
}
