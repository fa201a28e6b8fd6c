import { contentOf } from './content.ts';
import { databaseOf } from './database.ts';
import { migrationOf } from './migration.ts';
import type { PlanDocument } from './schema.ts';
import { validationOf } from './written-validation.ts';

type Written = PlanDocument;
type WrittenSmoke = Written['smoke'];
type WrittenDependency = Written['guardrails']['dependencies'][number];
type WrittenRelease = Written['knownBad']['releases'][string];

type KnownBad = { release: string } & Pick<WrittenRelease, 'caughtBy'> &
  (
    | { kind: 'task-definition'; taskDefinition: string }
    | ({ kind: 'override' } & Pick<WrittenRelease, 'container' | 'image' | 'environment' | 'command'>)
    | ({ kind: 'pipeline-execution' } & Required<Pick<WrittenRelease, 'variables' | 'sourceRevisions'>>)
  );

/** Gives a judged document the names that the code uses: a unit on every duration, a `kind` on every alternative. */
export function planOf(written: Written) {
  const { detectWithin, stabilise, migration, schedule, recommendedAlarms, ...document } = written;
  const { for: forMs, ...baseline } = document.steadyState;
  const { within: withinMs, ...greens } = document.restored;
  return {
    ...document,
    target: targetOf(document.target),
    knownBad: {
      default: document.knownBad.default,
      releases: eachOf(document.knownBad.releases, knownBadOf),
    },
    smoke: smokeOf(document.smoke),
    steadyState: { forMs, ...baseline },
    triggers: document.triggers.map(({ budget: budgetMs, ...trigger }) => ({ ...trigger, budgetMs })),
    detectWithinMs: detectWithin,
    restored: { ...greens, withinMs },
    rollback: rollbackOf(document.rollback),
    databases: eachOf(document.databases, databaseOf),
    validations: document.validations.map(validationOf),
    stabiliseMs: stabilise,
    guardrails: guardrailsOf(document.guardrails),
    stopConditions: stopConditionsOf(document.stopConditions),
    ...(migration ? { migration: migrationOf(migration) } : {}),
    ...(schedule ? { schedule: scheduleOf(schedule) } : {}),
    ...(recommendedAlarms ? { recommendedAlarms: recommendedAlarmsOf(recommendedAlarms) } : {}),
  };
}

function targetOf(target: Written['target']) {
  if ('ecs' in target) return { kind: 'ecs' as const, ...target.ecs };
  return { kind: 'codepipeline' as const, ...target.codepipeline };
}

function knownBadOf(
  { taskDefinition, variables, sourceRevisions, release: identity, caughtBy, ...override }: WrittenRelease,
  name: string,
): KnownBad {
  const common = { release: identity ?? name, ...(caughtBy ? { caughtBy } : {}) };
  if (taskDefinition !== undefined) return { kind: 'task-definition', ...common, taskDefinition };
  if (variables || sourceRevisions)
    return {
      kind: 'pipeline-execution',
      ...common,
      variables: variables ?? {},
      sourceRevisions: sourceRevisions ?? [],
    };
  return { kind: 'override', ...common, ...override };
}

function smokeOf({ interval: intervalMs, timeout: timeoutMs, headers, body, ...smoke }: WrittenSmoke) {
  return { ...smoke, ...contentOf(headers, body), intervalMs, timeoutMs };
}

function rollbackOf({ confirm, hold, paths }: Written['rollback']) {
  return {
    paths,
    ...(confirm ? { confirm: { withinMs: confirm.within } } : {}),
    ...(hold ? { hold: { upToMs: hold.upTo } } : {}),
  };
}

function guardrailsOf({
  settledFor,
  approvals,
  databases,
  dependencies,
  ...guardrails
}: Written['guardrails']) {
  const { longestTransaction: longestTransactionMs, longestLockWait: longestLockWaitMs } = databases;
  return {
    ...guardrails,
    databases: { longestTransactionMs, longestLockWaitMs },
    dependencies: dependencies.map(dependencyOf),
    ...(settledFor === undefined ? {} : { settledForMs: settledFor }),
    ...(approvals ? { approvals: { people: approvals.people, withinMs: approvals.within } } : {}),
  };
}

function dependencyOf({ timeout: timeoutMs, headers, ...dependency }: WrittenDependency) {
  return { ...dependency, ...contentOf(headers, undefined), timeoutMs };
}

function stopConditionsOf({ maximumBadFor, ...conditions }: Written['stopConditions']) {
  return { ...conditions, ...(maximumBadFor === undefined ? {} : { maximumBadForMs: maximumBadFor }) };
}

function scheduleOf({ startWithin: startWithinMs, ...schedule }: NonNullable<Written['schedule']>) {
  return { ...schedule, startWithinMs };
}

function recommendedAlarmsOf({ baseline, ...dimensions }: NonNullable<Written['recommendedAlarms']>) {
  const { p99: p99Ms, ...rates } = baseline;
  return { ...dimensions, baseline: { ...rates, ...(p99Ms === undefined ? {} : { p99Ms }) } };
}

function eachOf<Value, Result>(
  values: Readonly<Record<string, Value>>,
  convert: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, convert(value, name)]));
}
