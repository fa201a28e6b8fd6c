import type { Draft } from './draft.ts';
import { anyOf } from './message.ts';
import type { Finding, Path } from './place.ts';
import { namesUsedBy, unknownPlaceholders } from './placeholders-used.ts';
import { contradictionsOfPurge } from './purge.ts';
import { repeated } from './repeated.ts';
import { contradictionsOfRequest } from './requests.ts';

type Validation = NonNullable<NonNullable<Draft['validations']>[number]>;
type Endpoints = Extract<Validation, { kind?: 'endpoint-health' | undefined }>;
type Sessions = Extract<Validation, { kind?: 'sessions' | undefined }>;
type Transaction = Extract<Validation, { kind?: 'synthetic-transaction' | undefined }>;

/** What the requests of validations cannot be together with. */
export function contradictionsOfRequests({ validations = [] }: Draft): Finding[] {
  return validations.flatMap((validation, index) => {
    const path: Path = ['validations', index];
    switch (validation?.kind) {
      case 'synthetic-transaction':
        return ofTransaction(validation, path);
      case 'endpoint-health':
        return ofEndpoints(validation, path);
      case 'sessions':
        return ofSessions(validation, path);
      case 'cache-purge':
        return contradictionsOfPurge(validation, path);
      default:
        return [];
    }
  });
}

function ofTransaction(
  { steps = [], tidyUp = [], secrets = {}, timeout }: Transaction,
  path: Path,
): Finding[] {
  const all = [
    ...steps.map((step, index) => ({ step, path: [...path, 'steps', index] })),
    ...tidyUp.map((step, index) => ({ step, path: [...path, 'tidyUp', index] })),
  ];
  const names = all.map(({ step }) => step?.name);
  const again = repeated(names).map((index) => ({
    path: [...(all[index]?.path ?? path), 'name'],
    message: `must differ from the names of the other steps; received "${names[index]}" again.`,
  }));
  const alone = all.flatMap(({ step, path }) => (step ? contradictionsOfRequest(step, path, timeout) : []));
  return [...again, ...alone, ...placeholders(all, Object.keys(secrets))];
}

type Steps = readonly {
  readonly step: NonNullable<Transaction['steps']>[number];
  readonly path: Path;
}[];

/** As soon as the captures of one step are not known, nothing can be said about the steps after it. */
function placeholders(all: Steps, secrets: readonly string[]): Finding[] {
  const captured: string[] = [];
  const findings: Finding[] = [];
  for (const { step, path } of all) {
    if (!step) return findings;
    findings.push(...unknownPlaceholders(step, path, { captured, secrets }));
    if (!step.capture) return findings;
    captured.push(...Object.keys(step.capture));
  }
  return findings;
}

function ofEndpoints({ endpoints = [], secrets = {}, timeout }: Endpoints, path: Path): Finding[] {
  const names = endpoints.map((endpoint) => endpoint?.name);
  const again = repeated(names).map((index) => ({
    path: [...path, 'endpoints', index, 'name'],
    message: `must differ from the names of the other endpoints; received "${names[index]}" again.`,
  }));
  const nameable = { captured: [], secrets: Object.keys(secrets) };
  const alone = endpoints.flatMap((endpoint, index) => {
    const at: Path = [...path, 'endpoints', index];
    if (!endpoint) return [];
    return [
      ...contradictionsOfRequest(endpoint, at, timeout),
      ...unknownPlaceholders(endpoint, at, nameable),
    ];
  });
  return [...again, ...alone];
}

function ofSessions({ login, probe, secrets = {}, timeout }: Sessions, path: Path): Finding[] {
  const own = Object.keys(secrets);
  const [atLogin, atProbe]: [Path, Path] = [
    [...path, 'login'],
    [...path, 'probe'],
  ];
  const alone = [
    ...(login ? contradictionsOfRequest(login, atLogin, timeout) : []),
    ...(login ? unknownPlaceholders(login, atLogin, { captured: [], secrets: own }) : []),
    ...(probe ? contradictionsOfRequest(probe, atProbe, timeout) : []),
  ];
  if (!login?.capture || !probe) return alone;
  const captured = Object.keys(login.capture);
  const uses = namesUsedBy(probe).some((name) => captured.includes(name));
  const message = `must use what login captures (${anyOf(captured.map((name) => `{{${name}}}`))}), or it proves no session.`;
  return [
    ...alone,
    ...unknownPlaceholders(probe, atProbe, { captured, secrets: own }),
    ...(uses ? [] : [{ path: atProbe, message }]),
  ];
}
