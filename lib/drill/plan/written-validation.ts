import type { PlanDocument } from './schema.ts';
import { cachePurgeOf } from './validations/cache-purge.ts';
import { askedOf, secretsOf } from './validations/request.ts';

type Written = PlanDocument['validations'][number];

/** Gives a validation the names that the code uses, by kind. */
export function validationOf({ timeout: timeoutMs, ...validation }: Written) {
  switch (validation.kind) {
    case 'synthetic-transaction':
      return {
        ...validation,
        timeoutMs,
        secrets: secretsOf(validation.secrets),
        steps: validation.steps.map(askedOf),
        tidyUp: validation.tidyUp.map(askedOf),
      };
    case 'version-uniformity':
      return { ...validation, timeoutMs };
    case 'replica-schema': {
      const { maximumLag: maximumLagMs, ...schema } = validation;
      return { ...schema, timeoutMs, maximumLagMs };
    }
    case 'data-consistency':
      return { ...validation, timeoutMs };
    case 'monitoring': {
      const { metrics, probes, ...others } = validation;
      return { ...others, timeoutMs, ...monitoringOf({ metrics, ...(probes ? { probes } : {}) }) };
    }
    case 'endpoint-health': {
      const { interval: intervalMs, ...health } = validation;
      const endpoints = health.endpoints.map(askedOf);
      return { ...health, timeoutMs, intervalMs, secrets: secretsOf(health.secrets), endpoints };
    }
    case 'background-work':
      return { ...validation, timeoutMs, queues: validation.queues.map(queueOf) };
    case 'sessions': {
      const { login, probe, secrets, ...named } = validation;
      return {
        ...named,
        timeoutMs,
        secrets: secretsOf(secrets),
        login: askedOf(login),
        probe: askedOf(probe),
      };
    }
    case 'configuration':
      return { ...validation, timeoutMs };
    case 'cache-purge':
      return cachePurgeOf({ ...validation, timeout: timeoutMs });
    case 'timeline':
      return { ...validation, timeoutMs };
    default:
      return validation satisfies never;
  }
}

type Monitoring = Extract<Written, { kind: 'monitoring' }>;

function monitoringOf({ metrics, probes }: Pick<Monitoring, 'metrics' | 'probes'>) {
  return {
    metrics: metrics.map(({ period: periodMs, over: overMs, ...metric }) => ({
      ...metric,
      periodMs,
      overMs,
    })),
    ...(probes ? { probes: probesOf(probes) } : {}),
  };
}

function probesOf({ floor: floorMs, ...probes }: NonNullable<Monitoring['probes']>) {
  return { ...probes, floorMs };
}

type Queue = Extract<Written, { kind: 'background-work' }>['queues'][number];

function queueOf({ maximumAge: maximumAgeMs, ...queue }: Queue) {
  return { ...queue, ...(maximumAgeMs === undefined ? {} : { maximumAgeMs }) };
}
