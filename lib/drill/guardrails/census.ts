import type { Plan, Step, Validation } from '../plan/plan.ts';
import { type Check, judged } from './check.ts';

type Requests = Pick<Plan, 'smoke' | 'validations' | 'sideEffects'>;

const WRITING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Every request of the plan that may write must be in the census, by its method and path. */
export function censusComplete(plan: Requests): Check {
  const name = 'side-effect-census';
  const writing = writingRequests(plan);
  if (writing.length === 0) return judged(name, true, 'no request of the plan writes');
  const census = new Set(plan.sideEffects.map(({ endpoint }) => normal(endpoint)));
  const missing = writing.filter((request) => !census.has(normal(request)));
  const count = `${writing.length - missing.length} of ${writing.length} writing requests are in the census`;
  if (missing.length === 0) return judged(name, true, count);
  return judged(name, false, `${count}; missing: ${missing.join(', ')}. Add them to sideEffects`);
}

/** As `METHOD /path`, each once; what a step captured stands as it is written. */
function writingRequests({ smoke, validations }: Requests): readonly string[] {
  const requests = [smoke, ...validations.flatMap(requestsOf)];
  const writing = requests.filter(({ method }) => WRITING.has(method));
  return [...new Set(writing.map(({ method, url }) => `${method} ${pathOf(url)}`))];
}

/** What a validation sends to the system; what others ask is read only. */
function requestsOf(validation: Validation): readonly Pick<Step, 'method' | 'url'>[] {
  switch (validation.kind) {
    case 'synthetic-transaction':
      return [...validation.steps, ...validation.tidyUp];
    case 'endpoint-health':
      return validation.endpoints;
    case 'sessions':
      return [validation.login, validation.probe];
    default:
      return [];
  }
}

/** Not by `URL`, which would encode the braces of a placeholder. */
function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

function normal(endpoint: string): string {
  const [method = '', ...path] = endpoint.trim().split(/\s+/);
  return `${method.toUpperCase()} ${path.join(' ').replace(/(?<=.)\/$/, '')}`;
}
