import type { AwsEvent } from '../aws/events.ts';
import { AwsError } from '../aws/protocol.ts';

/** What a target receives instead of the whole event; at most one of them. */
export interface InputOptions {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

export interface RuleNames {
  readonly ruleName: string;
  readonly ruleArn: string;
}

const MAX_VARIABLES = 100;
const STEP = /^(?:\.([\w-]+)|\['([^']+)'\]|\[(\d+)\])/;
const PLACEHOLDER = /<([\w.-]+)>/g;

/** Throws ValidationException. */
export function checkInput(target: InputOptions): void {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((option) => option !== undefined).length > 1)
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  if (Input !== undefined) parse(Input, 'JSON syntax error in input.');
  if (InputPath !== undefined) stepsOf(InputPath);
  if (InputTransformer) checkTransformer(InputTransformer);
}

/** Throws when a transformed input is not JSON, which depends on the event. */
export function inputFor(target: InputOptions, event: AwsEvent, rule: RuleNames): unknown {
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath !== undefined) return read(event, target.InputPath) ?? {};
  if (!target.InputTransformer) return event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const values = new Map<string, unknown>(
    Object.entries(InputPathsMap).map(([name, path]) => [name, read(event, path)]),
  );
  values.set('aws.events.rule-name', rule.ruleName);
  values.set('aws.events.rule-arn', rule.ruleArn);
  values.set('aws.events.event', event);
  values.set('aws.events.event.json', event);
  values.set('aws.events.event.ingestion-time', event.time);
  return JSON.parse(fill(InputTemplate, (name) => values.get(name)));
}

function checkTransformer(transformer: NonNullable<InputOptions['InputTransformer']>): void {
  const { InputPathsMap = {}, InputTemplate } = transformer;
  const names = Object.keys(InputPathsMap);
  if (names.length > MAX_VARIABLES) throw invalid(`InputPathsMap has more than ${MAX_VARIABLES} entries.`);
  if (names.some((name) => name.toUpperCase().startsWith('AWS')))
    throw invalid('InputPathsMap keys must not start with AWS.');
  for (const path of Object.values(InputPathsMap)) stepsOf(path);
  for (const [, name = ''] of InputTemplate.matchAll(PLACEHOLDER))
    if (!Object.hasOwn(InputPathsMap, name) && !name.startsWith('aws.events.'))
      throw invalid(`Invalid InputTemplate: the placeholder <${name}> is not in InputPathsMap.`);
  const example = fill(InputTemplate, () => 0);
  parse(example, 'Invalid InputTemplate: the sandbox takes templates that are JSON.');
}

/** Inside of quotes a placeholder becomes text, outside of them JSON. What the event does not have becomes nothing. */
function fill(template: string, valueNamed: (name: string) => unknown): string {
  const tokens = template.matchAll(/"(?:[^"\\]|\\.)*"|[^"]+|"/g);
  return Array.from(tokens, ([token]) => {
    const quoted = token.length > 1 && token.startsWith('"');
    return token.replace(PLACEHOLDER, (_placeholder, name: string) => {
      const value = valueNamed(name);
      if (value === undefined) return '';
      return quoted ? quotable(value) : JSON.stringify(value);
    });
  }).join('');
}

function quotable(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
}

function read(event: AwsEvent, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    event,
  );
}

/** Plain paths only, as in EventBridge: no wildcards, filters or slices. */
function stepsOf(path: string): string[] {
  const steps: string[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : 'invalid';
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (!step) throw invalid(`Invalid JSON path: ${path}`);
    steps.push(step[1] ?? step[2] ?? step[3] ?? '');
    rest = rest.slice(step[0].length);
  }
  return steps;
}

function parse(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(complaint);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
