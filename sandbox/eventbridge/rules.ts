import { ACCOUNT, arn } from '../aws/account.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { checkInput, type InputOptions } from './input.ts';
import { type EventPattern, parsePattern } from './pattern.ts';

export interface Target extends InputOptions {
  readonly Id: string;
  readonly Arn: string;
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number };
}

export interface Rule {
  readonly name: string;
  readonly description: string | undefined;
  readonly patternText: string;
  readonly matches: EventPattern;
  readonly enabled: boolean;
  readonly targets: ReadonlyMap<string, Target>;
}

export type Rules = Map<string, Rule>;

const MAX_RULES = 300;
const MAX_TARGETS = 5;
const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;
const TARGET_MEMBERS = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'DeadLetterConfig',
  'RetryPolicy',
];

export function ruleArn(name: string): string {
  return arn('events', `rule/${name}`);
}

/** The operations that manage rules and their targets, on the default bus. */
export function ruleOperations(rules: Rules): Readonly<Record<string, Operation>> {
  return {
    PutRule: (input) => {
      const rule = ruleFrom(input, rules.get(String(input.Name)));
      if (!rules.has(rule.name) && rules.size >= MAX_RULES)
        throw new AwsError('LimitExceededException', `The bus has ${MAX_RULES} rules already.`);
      rules.set(rule.name, rule);
      return { RuleArn: ruleArn(rule.name) };
    },
    DescribeRule: (input) => ({ ...describe(ruleOf(rules, input, 'Name')), CreatedBy: ACCOUNT }),
    ListRules: (input) => {
      onDefaultBus(input);
      const prefix = String(input.NamePrefix ?? '');
      return { Rules: [...rules.values()].filter(({ name }) => name.startsWith(prefix)).map(describe) };
    },
    EnableRule: (input) => replace(rules, { ...ruleOf(rules, input, 'Name'), enabled: true }),
    DisableRule: (input) => replace(rules, { ...ruleOf(rules, input, 'Name'), enabled: false }),
    DeleteRule: (input) => {
      onDefaultBus(input);
      const name = String(input.Name);
      if (rules.get(name)?.targets.size) throw invalid("Rule can't be deleted since it has targets.");
      rules.delete(name);
      return {};
    },
    ...targetOperations(rules),
  };
}

function targetOperations(rules: Rules): Readonly<Record<string, Operation>> {
  return {
    PutTargets: (input) => {
      const rule = ruleOf(rules, input, 'Rule');
      const targets = new Map(rule.targets);
      for (const target of listOf(input, 'Targets').map(targetFrom)) targets.set(target.Id, target);
      if (targets.size > MAX_TARGETS)
        throw new AwsError('LimitExceededException', `A rule has at most ${MAX_TARGETS} targets.`);
      rules.set(rule.name, { ...rule, targets });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input) => {
      const rule = ruleOf(rules, input, 'Rule');
      const targets = new Map(rule.targets);
      const unknown = listOf(input, 'Ids').filter((id) => !targets.delete(String(id)));
      rules.set(rule.name, { ...rule, targets });
      const FailedEntries = unknown.map((TargetId) => ({
        TargetId,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${rule.name} has no target ${TargetId}.`,
      }));
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    },
    ListTargetsByRule: (input) => ({ Targets: [...ruleOf(rules, input, 'Rule').targets.values()] }),
  };
}

/** Throws ResourceNotFoundException for any bus but the default one. */
export function onDefaultBus(input: JsonObject): void {
  const bus = String(input.EventBusName ?? 'default');
  if (bus !== 'default' && bus !== arn('events', 'event-bus/default'))
    throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
}

/** PutRule overwrites everything but the targets. */
function ruleFrom(input: JsonObject, previous: Rule | undefined): Rule {
  onDefaultBus(input);
  const { Name, EventPattern, ScheduleExpression, State = 'ENABLED', Description } = input;
  if (typeof Name !== 'string' || !NAME.test(Name)) throw invalid(`Rule name '${Name}' is not valid.`);
  if (ScheduleExpression !== undefined)
    throw invalid('The sandbox has no scheduled rules. Use EventBridge Scheduler.');
  if (typeof EventPattern !== 'string')
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (State !== 'ENABLED' && State !== 'DISABLED')
    throw invalid(`State '${State}' is not ENABLED or DISABLED.`);
  return {
    name: Name,
    description: typeof Description === 'string' ? Description : undefined,
    patternText: EventPattern,
    matches: parsePattern(EventPattern),
    enabled: State === 'ENABLED',
    targets: previous?.targets ?? new Map(),
  };
}

function ruleOf(rules: Rules, input: JsonObject, member: 'Name' | 'Rule'): Rule {
  onDefaultBus(input);
  const rule = rules.get(String(input[member]));
  if (rule) return rule;
  throw new AwsError(
    'ResourceNotFoundException',
    `Rule ${input[member]} does not exist on EventBus default.`,
  );
}

function targetFrom(input: unknown): Target {
  const target = input as Target;
  if (!target.Id || !target.Arn?.startsWith('arn:'))
    throw invalid(`A target needs an Id and an Arn: ${JSON.stringify(input)}`);
  const unsupported = Object.keys(target).filter((member) => !TARGET_MEMBERS.includes(member));
  if (unsupported.length > 0) throw invalid(`The sandbox does not support ${unsupported.join(', ')}.`);
  checkInput(target);
  return target;
}

function describe(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: ruleArn(rule.name),
    EventPattern: rule.patternText,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    EventBusName: 'default',
  };
}

function replace(rules: Rules, rule: Rule): object {
  rules.set(rule.name, rule);
  return {};
}

function listOf(input: JsonObject, member: string): unknown[] {
  const list = input[member];
  if (!Array.isArray(list) || list.length === 0) throw invalid(`${member} must not be empty.`);
  return list;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
