import type { Machine } from './asl.ts';
import { checkState } from './definition-states.ts';
import { fields, integer, isObject, type JsonRecord, oneOf, text } from './definition-values.ts';
import { type Report, refuseFindings } from './findings.ts';
import { checkTransitions } from './transitions.ts';

/** Throws `InvalidDefinition` that names every place AWS, or only the sandbox, would not accept. */
export function parseDefinition(definition: string): Machine {
  let parsed: unknown;
  refuseFindings((report) => {
    try {
      parsed = JSON.parse(definition);
    } catch (error) {
      report('', String(error), 'INVALID_JSON_DESCRIPTION');
    }
  });
  refuseFindings((report) => checkOutermost(parsed, report));
  return parsed as Machine;
}

/** Known while walking inwards: the query language, all state names, and the variables of the scopes around. */
interface Surroundings {
  readonly queryLanguage: unknown;
  readonly names: Set<string>;
  readonly outerVariables: ReadonlySet<string>;
}

const states = (value: unknown, at: string, report: Report) => {
  if (!isObject(value) || Object.keys(value).length === 0) report(at, 'Expected at least one state');
};
const anything = () => {};

const outermost = fields(
  {
    Comment: text,
    QueryLanguage: oneOf('JSONata'),
    StartAt: text,
    States: states,
    TimeoutSeconds: integer(1),
    Version: oneOf('1.0'),
  },
  ['StartAt', 'States'],
);

const inner = fields({ Comment: text, StartAt: text, States: states, ProcessorConfig: anything }, [
  'StartAt',
  'States',
]);

function checkOutermost(definition: unknown, report: Report): void {
  outermost(definition, '', report);
  if (!isObject(definition)) return;
  const queryLanguage = definition.QueryLanguage;
  checkMachine(definition, '', report, { queryLanguage, names: new Set(), outerVariables: new Set() });
}

function checkMachine(machine: JsonRecord, at: string, report: Report, around: Surroundings): void {
  if (!isObject(machine.States)) return;
  const assigned = assignedIn(machine.States);
  for (const name of assigned)
    if (around.outerVariables.has(name))
      report(`${at}/States`, `The variable '${name}' belongs to an outer scope and cannot be assigned here`);
  const outerVariables = new Set([...around.outerVariables, ...assigned]);
  for (const [name, state] of Object.entries(machine.States)) {
    const stateAt = `${at}/States/${name}`;
    checkName(name, stateAt, report, around);
    checkState(state, stateAt, report);
    if (!isObject(state)) continue;
    checkQueryLanguage(state, stateAt, report, around);
    for (const [child, childAt] of machinesIn(state, stateAt)) {
      inner(child, childAt, report);
      if (isObject(child)) checkMachine(child, childAt, report, { ...around, outerVariables });
    }
  }
  checkTransitions(machine, at, report);
}

function checkName(name: string, at: string, report: Report, { names }: Surroundings): void {
  if (name.length < 1 || name.length > 80) report(at, 'The name of a state has 1 to 80 characters');
  if (names.has(name)) report(at, `Duplicate State name: ${name}`, 'DUPLICATE_STATE_NAME');
  names.add(name);
}

/** JSONPath is the default on AWS, so a definition must say JSONata somewhere. */
function checkQueryLanguage(state: JsonRecord, at: string, report: Report, around: Surroundings): void {
  const queryLanguage = state.QueryLanguage ?? around.queryLanguage;
  if (queryLanguage !== 'JSONata')
    report(
      `${at}/QueryLanguage`,
      `The sandbox runs JSONata only, not ${String(queryLanguage ?? 'JSONPath')}`,
    );
}

function machinesIn(state: JsonRecord, at: string): readonly (readonly [unknown, string])[] {
  if (state.Type === 'Map') return [[state.ItemProcessor, `${at}/ItemProcessor`]];
  const branches = state.Type === 'Parallel' ? state.Branches : undefined;
  if (!Array.isArray(branches)) return [];
  return branches.map((branch, index) => [branch, `${at}/Branches[${index}]`] as const);
}

/** In the states themselves, their catchers and their choice rules; not in machines inside them. */
function assignedIn(all: JsonRecord): ReadonlySet<string> {
  const producers = Object.values(all)
    .filter(isObject)
    .flatMap((state) => [state, ...listIn(state.Catch), ...listIn(state.Choices)]);
  return new Set(producers.flatMap(({ Assign }) => (isObject(Assign) ? Object.keys(Assign) : [])));
}

function listIn(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
