import type { Gap } from '../gap.ts';
import type { Judgement } from '../validation.ts';
import { type Definition, definitionChanges } from './definition.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

export const CONFIGURATION_PARTS = [
  'task-definition',
  'images',
  'image-tags',
  'desired-count',
  'deployment-configuration',
  'load-balancers',
  'secrets',
] as const;

export type ConfigurationPart = (typeof CONFIGURATION_PARTS)[number];

/** One thing that is set, in the words of people. */
export interface Setting {
  readonly part: ConfigurationPart;
  /** Unique. */
  readonly name: string;
  /** What it is set to; of what may be secret a fingerprint, which is not shown. */
  readonly value: string;
  readonly isShown: boolean;
}

/** Something that could not be read, and why. */
export interface Unread extends Omit<Setting, 'value' | 'isShown'> {
  readonly why: string;
}

export interface ConfigurationFacts {
  /** `null` when it was not measured. */
  readonly before: readonly Setting[] | null;
  readonly now: readonly (Setting | Unread)[];
  /** The task definitions, when it is not the same any more; `null` for one that is not there. */
  readonly definitions: {
    readonly before: Definition | null;
    readonly now: Definition | null;
    /** Whether it is another only by its number: a pipeline registers one with every release. */
    readonly isCopy?: boolean;
  } | null;
  /** Parts that may differ. */
  readonly except: readonly ConfigurationPart[];
}

/** Everything must be set as before the drill; every difference is named, and nothing that may be secret is shown. */
export function configuration({ before, now, definitions, except }: ConfigurationFacts): Judgement {
  if (!before) return verdictOf(unproven('the configuration was not measured before the drill'), []);
  const counts = ({ part }: { readonly part: ConfigurationPart }) => !except.includes(part);
  const names = new Set([...before, ...now].filter(counts).map(({ name }) => name));
  const pairs = [...names].map(
    (name) => [before.find((one) => one.name === name), now.find((one) => one.name === name)] as const,
  );
  const isCopy = definitions?.isCopy ?? false;
  const compared = pairs.map(([was, is]) => compare(was, is, isCopy));
  const differences = definitions && !except.includes('task-definition') ? changesOf(definitions) : [];
  const found = together([...compared, wrong(...differences)]);
  const isSame = found.wrong.length + found.unproven.length === 0;
  const count = `${found.right.length} of ${names.size} settings are as before`;
  const judgement = verdictOf(isSame && names.size > 0 ? right(count) : { ...found, right: [] }, [
    count,
    ...now.filter(counts).map(told),
    ...except.map((part) => `${part} may differ`),
  ]);
  const gaps = [
    ...pairs.flatMap(([was, is]) => gapsOf(is?.part ?? was?.part, compare(was, is, isCopy))),
    ...gapsOf('task-definition', wrong(...differences)),
  ];
  return gaps.length > 0 ? { ...judgement, gaps } : judgement;
}

/** Every difference is a weakness of its own kind: nobody meant it to be there after a rollback. */
function gapsOf(part: ConfigurationPart | undefined, { wrong: differences }: Findings): readonly Gap[] {
  const [code, message] = (part && KINDS_OF_DRIFT[part]) ?? DRIFT;
  return differences.map((evidence) => ({ code, severity: 'warning' as const, message, evidence }));
}

const DRIFT = [
  'configuration-drift',
  'what the target is set to is not what it was before the drill',
] as const;
const KINDS_OF_DRIFT: Readonly<Partial<Record<ConfigurationPart, readonly [code: string, message: string]>>> =
  {
    'task-definition': ['task-definition-drift', 'the task definition is not the one of before the drill'],
    'image-tags': [
      'mutable-image-tag',
      'a tag does not name the image any more that it named before the drill',
    ],
    secrets: ['secret-moved', 'a secret or parameter has another version than before the drill'],
  };

function compare(before: Setting | undefined, now: Setting | Unread | undefined, isCopy: boolean): Findings {
  if (now && 'why' in now) return unproven(`${now.name} cannot be read: ${now.why}`);
  if (!before && now)
    return wrong(`${now.name} was not there before${now.isShown ? `, ${now.value} now` : ''}`);
  if (before && !now)
    return wrong(`${before.name}${before.isShown ? ` ${before.value}` : ''} before, gone now`);
  if (!before || !now || before.value === now.value) return right(now?.name ?? '');
  if (isCopy && now.part === 'task-definition') return right(`${now.name} ${now.value}, a copy`);
  if (!before.isShown || !now.isShown) return wrong(`${now.name} was changed`);
  return wrong(`${now.name} ${before.value} before, ${now.value} now`);
}

function changesOf({ before, now }: NonNullable<ConfigurationFacts['definitions']>): readonly string[] {
  if (!before || !now) return ['one of the task definitions cannot be described any more'];
  return definitionChanges(before, now);
}

function told(setting: Setting | Unread): string {
  if ('why' in setting) return `${setting.name}: not read`;
  return setting.isShown ? `${setting.name}: ${setting.value}` : `${setting.name}: a value that is not shown`;
}
