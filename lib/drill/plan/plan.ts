import * as v from 'valibot';
import type { ValidationKind } from '../validation.ts';
import { contradictionsOf } from './contradictions.ts';
import { type ReadDocument, readDocument } from './document.ts';
import { draftOf } from './draft.ts';
import type { Environment } from './environment.ts';
import { shortened } from './message.ts';
import { type Finding, type Path, placeOf } from './place.ts';
import { planDocument } from './schema.ts';
import { planOf } from './written.ts';

export type Plan = ReturnType<typeof planOf>;
export type Target = Plan['target'];
export type KnownBad = Plan['knownBad']['releases'][string];
export type Smoke = Plan['smoke'];
export type Trigger = Plan['triggers'][number];
export type Validation = Plan['validations'][number];
export type ValidationOf<Kind extends ValidationKind> = Extract<Validation, { kind: Kind }>;
export type Step = ValidationOf<'synthetic-transaction'>['steps'][number];
export type Cache = ValidationOf<'cache-purge'>['cache'];
export type Guardrails = Plan['guardrails'];
export type Dependency = Guardrails['dependencies'][number];
export type StopConditions = Plan['stopConditions'];
export type CountSource = NonNullable<Plan['sideEffects'][number]['count']>;
export type Database = Plan['databases'][string];
export type Undo = NonNullable<Plan['migration']>['undo'];
export type Schedule = NonNullable<Plan['schedule']>;

export interface PlanError {
  /** For example `triggers[1].budget (line 23)`. */
  readonly place: string;
  /** What is wrong, what was received, what is allowed and what to do. */
  readonly message: string;
}

export type ParsedPlan =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'invalid'; readonly errors: PlanError[] };

export interface ParseOptions {
  /** What `${NAME}` stands for in the texts of the plan. */
  readonly environment?: Environment;
}

const MOST_ERRORS = 100;
const LONGEST_PLACE = 200;

/** Reads and judges a plan (YAML 1.2, at most 256 KB). Tells every error, each once, in the order of the lines. Never throws. */
export function parsePlan(yamlText: string, { environment = {} }: ParseOptions = {}): ParsedPlan {
  const document = readDocument(yamlText, environment);
  if (!document.readable) return invalid(document, document.findings);
  const judged = v.safeParse(planDocument, document.value);
  const issues = judged.issues ?? [];
  const broken = [...document.broken, ...issues.map(pathOf)];
  const findings = [
    ...document.findings,
    ...worthTelling(issues, document.broken),
    ...contradictionsOf(draftOf(judged.output, broken)),
  ];
  if (!judged.success || findings.length > 0) return invalid(document, findings);
  return { kind: 'plan', plan: planOf(judged.output) };
}

/** One finding for each place: the first says it best. What could not be read at all has been told already. */
function worthTelling(issues: readonly v.BaseIssue<unknown>[], broken: readonly Path[]): Finding[] {
  const told = new Set(broken.map(placeOf));
  return issues.flatMap((issue) => {
    const path = pathOf(issue);
    const place = placeOf(path);
    // A union does not look further than that none of its forms fits.
    const echo = issue.type === 'union' && broken.some((inner) => isWithin(inner, path));
    if (echo || told.has(place) || told.has(placeOf([]))) return [];
    told.add(place);
    return [{ path, message: issue.message }];
  });
}

function isWithin(inner: Path, outer: Path): boolean {
  return outer.every((step, index) => inner[index] === step);
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function invalid(document: ReadDocument, findings: readonly Finding[]): ParsedPlan {
  const located = findings
    .map(({ path, message, line = document.lineOf(path) }) => ({ place: placeOf(path), line, message }))
    .sort((a, b) => a.line - b.line)
    .map(({ place, line, message }) => ({
      place: `${shortened(place, LONGEST_PLACE)} (line ${line})`,
      message,
    }));
  const different = [
    ...new Map(located.map((error) => [`${error.place}: ${error.message}`, error])).values(),
  ];
  const errors = different.slice(0, MOST_ERRORS);
  const left = different.length - errors.length;
  if (left > 0) errors.push({ place: 'plan', message: `has ${left} more errors. Correct these first.` });
  return { kind: 'invalid', errors };
}
