import { unsupportedIn, type Visible } from './expression-check.ts';
import type { Report } from './findings.ts';
import { expressionIn } from './template.ts';

/** Checks one value of a definition, and reports where it is wrong. */
export type Check = (value: unknown, at: string, report: Report) => void;

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text: Check = (value, at, report) => {
  if (typeof value !== 'string') report(at, 'Expected value of type [STRING]');
};

export function oneOf(...allowed: readonly unknown[]): Check {
  return (value, at, report) => {
    if (!allowed.includes(value)) report(at, `Value should be one of the following: [${allowed.join(', ')}]`);
  };
}

/** Any JSON, with expressions anywhere inside. */
export function template(visible: Visible = 'input'): Check {
  const check: Check = (value, at, report) => {
    if (typeof value === 'string') expression(value, visible, at, report);
    else if (Array.isArray(value)) listOf(check)(value, at, report);
    else if (isObject(value)) members(value, check, at, report);
  };
  return check;
}

/** An object whose members become variables. */
export function assignment(visible: Visible = 'input'): Check {
  return (value, at, report) => {
    if (!isObject(value)) return report(at, 'Expected value of type [OBJECT]');
    for (const name of Object.keys(value)) {
      if (name === 'states' || !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name))
        report(`${at}/${name}`, `'${name}' cannot be the name of a variable`);
    }
    template(visible)(value, at, report);
  };
}

/** A literal of one kind, or an expression that must come to one. */
export function orExpression(literal: Check, visible: Visible = 'input'): Check {
  return (value, at, report) => {
    if (typeof value === 'string' && expressionIn(value) !== undefined)
      expression(value, visible, at, report);
    else literal(value, at, report);
  };
}

export function integer(least: number, most = 99_999_999): Check {
  return (value, at, report) => {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    if (!fits) report(at, `Expected an integer from ${least} to ${most}`);
  };
}

export function numberFrom(least: number): Check {
  return (value, at, report) => {
    if (typeof value !== 'number' || value < least) report(at, `Expected a number from ${least}`);
  };
}

export function listOf(check: Check): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(at, 'Expected value of type [ARRAY]');
    for (const [index, member] of value.entries()) check(member, `${at}[${index}]`, report);
  };
}

export function nonEmptyListOf(check: Check): Check {
  return (value, at, report) => {
    listOf(check)(value, at, report);
    if (Array.isArray(value) && value.length === 0) report(at, 'Value must not be empty');
  };
}

/** The members of an object by name; those in `required` must be there, others than these must not. */
export function fields(checks: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  return (value, at, report) => {
    if (!isObject(value)) return report(at, 'Expected value of type [OBJECT]');
    for (const name of required) if (!(name in value)) report(at, `The field '${name}' is required`);
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check) check(member, `${at}/${name}`, report);
      else report(`${at}/${name}`, unknownField(name, Object.keys(checks)));
    }
  };
}

const JSONPATH_FIELDS =
  'InputPath OutputPath ResultPath ResultSelector Parameters Result ItemsPath MaxConcurrencyPath TimeoutSecondsPath HeartbeatSecondsPath SecondsPath TimestampPath ErrorPath CausePath Variable'.split(
    ' ',
  );

function unknownField(name: string, supported: readonly string[]): string {
  if (JSONPATH_FIELDS.includes(name))
    return `The QueryLanguage is set to 'JSONata', but field '${name}' is only supported for the 'JSONPath' QueryLanguage`;
  return `Field '${name}' is not supported; supported are: ${supported.join(', ')}`;
}

function members(value: JsonRecord, check: Check, at: string, report: Report): void {
  for (const [name, member] of Object.entries(value)) {
    if (name.endsWith('.$')) report(`${at}/${name}`, `'${name}' would select by JSONPath; use {% … %}`);
    check(member, `${at}/${name}`, report);
  }
}

function expression(value: string, visible: Visible, at: string, report: Report): void {
  const source = expressionIn(value);
  if (source === undefined) {
    const looksLikeOne = value.trim().startsWith('{%') || value.trim().endsWith('%}');
    if (looksLikeOne) report(at, "A JSONata expression must begin with '{%' and end with '%}'");
    return;
  }
  try {
    const unsupported = unsupportedIn(source, visible);
    if (unsupported !== undefined) report(at, unsupported, 'UNSUPPORTED_JSONATA_EXPRESSION');
  } catch (error) {
    const { message = String(error) } = error as { message?: string };
    report(at, message, 'INVALID_JSONATA_EXPRESSION');
  }
}
