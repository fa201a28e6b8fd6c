import type { State } from './asl.ts';
import {
  assignment,
  type Check,
  fields,
  integer,
  isObject,
  type JsonRecord,
  listOf,
  nonEmptyListOf,
  numberFrom,
  oneOf,
  orExpression,
  template,
  text,
} from './definition-values.ts';
import type { Visible } from './expression-check.ts';
import type { Report } from './findings.ts';
import { type Integration, integrationFor, SUPPORTED_RESOURCES } from './integrations.ts';

/** Checks the fields of one state. Machines inside it and the targets of its transitions are checked elsewhere. */
export const checkState: Check = (state, at, report) => {
  if (!isObject(state)) return report(at, 'Expected value of type [OBJECT]');
  const type = String(state.Type);
  if (!isStateType(type))
    return report(`${at}/Type`, `Value should be one of the following: [${Object.keys(TYPES).join(', ')}]`);
  TYPES[type](state, at, report);
};

const anything: Check = () => {};

const LONGEST_DELAY_SECONDS = 31_622_400;

const errorEquals: Check = (value, at, report) => {
  nonEmptyListOf(text)(value, at, report);
  if (Array.isArray(value) && value.includes('States.ALL') && value.length > 1)
    report(at, "'States.ALL' must stand alone");
};

const retrier = fields(
  {
    ErrorEquals: errorEquals,
    IntervalSeconds: integer(1),
    MaxAttempts: integer(0),
    BackoffRate: numberFrom(1),
    MaxDelaySeconds: integer(1, LONGEST_DELAY_SECONDS),
    JitterStrategy: oneOf('NONE', 'FULL'),
    Comment: text,
  },
  ['ErrorEquals'],
);

const catcher = fields(
  {
    ErrorEquals: errorEquals,
    Next: text,
    Assign: assignment('errorOutput'),
    Output: template('errorOutput'),
    Comment: text,
  },
  ['ErrorEquals', 'Next'],
);

/** A retrier or catcher for everything would hide those after it. */
function allLast(check: Check): Check {
  return (value, at, report) => {
    listOf(check)(value, at, report);
    if (!Array.isArray(value)) return;
    value.slice(0, -1).forEach((member, index) => {
      const names = isObject(member) ? member.ErrorEquals : undefined;
      if (Array.isArray(names) && names.includes('States.ALL'))
        report(`${at}[${index}]/ErrorEquals`, "'States.ALL' must be in the last place");
    });
  };
}

const choiceRule = fields(
  {
    Condition: orExpression(oneOf(true, false)),
    Next: text,
    Assign: assignment(),
    Output: template(),
    Comment: text,
  },
  ['Condition', 'Next'],
);

const common = { Type: anything, Comment: text, QueryLanguage: anything };
const leads = { Next: text, End: oneOf(true) };
const recovers = { Retry: allLast(retrier), Catch: allLast(catcher) };
const produces = (visible: Visible) => ({ Assign: assignment(visible), Output: template(visible) });

const TYPES: Readonly<Record<State['Type'], Check>> = {
  Task: withRules(
    fields(
      {
        ...common,
        ...leads,
        ...recovers,
        ...produces('result'),
        Resource: text,
        Arguments: template(),
        TimeoutSeconds: orExpression(integer(1)),
        HeartbeatSeconds: orExpression(integer(1)),
      },
      ['Resource'],
    ),
    [continues, knownResource, heartbeatWithinTimeout],
  ),
  Choice: withRules(
    fields({ ...common, ...produces('input'), Choices: nonEmptyListOf(choiceRule), Default: text }, [
      'Choices',
    ]),
    [],
  ),
  Wait: withRules(
    fields(
      {
        ...common,
        ...leads,
        ...produces('input'),
        Seconds: orExpression(integer(0)),
        Timestamp: orExpression(text),
      },
      [],
    ),
    [continues, eitherSecondsOrTimestamp],
  ),
  Pass: withRules(fields({ ...common, ...leads, ...produces('input') }, []), [continues]),
  Succeed: fields({ ...common, Output: template() }, []),
  Fail: fields({ ...common, Error: orExpression(text), Cause: orExpression(text) }, []),
  Parallel: withRules(
    fields(
      {
        ...common,
        ...leads,
        ...recovers,
        ...produces('result'),
        Arguments: template(),
        Branches: nonEmptyListOf(anything),
      },
      ['Branches'],
    ),
    [continues],
  ),
  Map: withRules(
    fields(
      {
        ...common,
        ...leads,
        ...recovers,
        ...produces('result'),
        Items: orExpression(listOf(template())),
        ItemSelector: template(),
        MaxConcurrency: orExpression(integer(0)),
        ItemProcessor: anything,
      },
      ['ItemProcessor'],
    ),
    [continues, inlineOnly],
  ),
};

function isStateType(type: string): type is State['Type'] {
  return Object.hasOwn(TYPES, type);
}

type Rule = (state: JsonRecord, at: string, report: Report) => void;

function withRules(check: Check, rules: readonly Rule[]): Check {
  return (value, at, report) => {
    check(value, at, report);
    if (isObject(value)) for (const rule of rules) rule(value, at, report);
  };
}

function continues(state: JsonRecord, at: string, report: Report): void {
  if ('Next' in state === 'End' in state)
    report(at, "Exactly one of the fields 'Next' and 'End' is required");
}

function knownResource(state: JsonRecord, at: string, report: Report): void {
  const resource = String(state.Resource);
  const integration = integrationFor(resource);
  if (integration) checkArguments(integration, state.Arguments, `${at}/Arguments`, report);
  else report(`${at}/Resource`, `The sandbox calls only ${SUPPORTED_RESOURCES.join(', ')}; not ${resource}`);
}

/** An expression for all arguments can be checked only when it runs. */
function checkArguments(
  { required, optional }: Integration,
  args: unknown,
  at: string,
  report: Report,
): void {
  if (typeof args === 'string') return;
  const known = Object.fromEntries([...required, ...optional].map((name) => [name, anything]));
  fields(known, required)(args ?? {}, at, report);
}

function heartbeatWithinTimeout(state: JsonRecord, at: string, report: Report): void {
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = state;
  if (typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout)
    report(`${at}/HeartbeatSeconds`, `${heartbeat} must be smaller than TimeoutSeconds ${timeout}`);
}

function eitherSecondsOrTimestamp(state: JsonRecord, at: string, report: Report): void {
  if ('Seconds' in state === 'Timestamp' in state)
    report(at, "Exactly one of the fields 'Seconds' and 'Timestamp' is required");
}

function inlineOnly(state: JsonRecord, at: string, report: Report): void {
  const processor = state.ItemProcessor;
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  if (config !== undefined && !(isObject(config) && (config.Mode ?? 'INLINE') === 'INLINE'))
    report(`${at}/ItemProcessor/ProcessorConfig/Mode`, 'The sandbox runs INLINE maps only');
}
