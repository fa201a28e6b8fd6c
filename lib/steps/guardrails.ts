import type { Entry } from '../drill/entry.ts';
import { censusComplete } from '../drill/guardrails/census.ts';
import { type Check, unreadable } from '../drill/guardrails/check.ts';
import {
  type ImageReference,
  knownBadPullable,
  type LookedUp,
  lastHealthyPullable,
  mutableTags,
} from '../drill/guardrails/images.ts';
import { undoReady } from '../drill/guardrails/migration-undo.ts';
import { secondLine } from '../drill/guardrails/second-line.ts';
import { selfRollbackGap } from '../drill/guardrails/self-rollback.ts';
import {
  alarmsOk,
  channelReachable,
  dependenciesHealthy,
  environmentAllowed,
  safetySwitchOff,
} from '../drill/guardrails/surroundings.ts';
import type { TargetFacts } from '../drill/guardrails/target-facts.ts';
import {
  changeCalendar,
  changeFreeze,
  missedSchedule,
  settled,
  timeWindow,
} from '../drill/guardrails/time.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Recheck } from '../ports/target.ts';
import { limited } from './limited.ts';
import { alarmsOfTriggers } from './report-alarms.ts';

export type GuardrailPorts = Pick<
  Ports,
  | 'alarms'
  | 'calendars'
  | 'channels'
  | 'clock'
  | 'dependencies'
  | 'environments'
  | 'images'
  | 'migrations'
  | 'safetySwitch'
>;

/** What of a drill the guardrails judge. */
type Subject = Pick<Drill, 'opened' | 'plan'>;

/** The longest that one reading may take; then it counts as unreadable. */
const READING_LIMIT_MS = 6_000;
const PAUSE_MS = 300;

/**
 * Every guardrail, read side by side. `look` asks the target; the others ask what is around it. What cannot be read refuses,
 * and the others are told all the same.
 */
export async function checkAll<Look extends Recheck>(
  ports: GuardrailPorts,
  drill: Subject,
  look: () => Promise<Look>,
): Promise<{ readonly checks: readonly Check[]; readonly look: Look | null }> {
  const around = [...SURROUNDINGS, ...ofMigration(drill)].map(([name, check]) =>
    reading(ports, name, async () => check(ports, drill)),
  );
  const [target, ...others] = await Promise.all([ofTarget(ports, drill, look), ...around]);
  return { look: target.look, checks: [...target.checks, ...others] };
}

/** A second line that the target could have and has not, and tags that may move before the way back needs them. */
export function gapsOfTarget({ hooks, lastHealthyImages, selfRollback }: TargetFacts): readonly Entry[] {
  const found = [secondLine(hooks).gap, mutableTags(lastHealthyImages), selfRollbackGap(selfRollback)];
  const gaps = found.filter((gap) => gap !== null);
  return gaps.map((gap) => ({ kind: 'gap', key: `gap/${gap.code}`, ...gap }));
}

type Guardrail = (ports: GuardrailPorts, drill: Subject) => Check | Promise<Check>;

type Named = readonly [name: string, check: Guardrail];

function ofMigration({ plan: { migration } }: Subject): readonly Named[] {
  if (!migration) return [];
  return [
    ['migration-undo', async ({ migrations }) => undoReady(await migrations.readiness(migration.undo))],
  ];
}

const SURROUNDINGS: readonly Named[] = [
  ['environment', ({ environments }, { plan }) => environmentAllowed(plan.environment, environments)],
  ['time-window', ({ clock }, { plan }) => timeWindow(plan.guardrails.windows, clock.now())],
  ['change-freeze', ({ clock }, { plan }) => changeFreeze(plan.guardrails.freezes, clock.now())],
  [
    'change-calendar',
    async ({ calendars }, { plan }) =>
      changeCalendar(await Promise.all(plan.guardrails.changeCalendars.map(calendars))),
  ],
  [
    'missed-schedule',
    (_, { plan, opened }) =>
      missedSchedule(opened.scheduledAt, plan.schedule?.startWithinMs, Date.parse(opened.at)),
  ],
  ['side-effect-census', (_, { plan }) => censusComplete(plan)],
  [
    'safety-switch',
    async ({ safetySwitch: { read, parameter } }) => safetySwitchOff(await read(), parameter),
  ],
  ['alarms', checkAlarms],
  [
    'dependencies',
    async ({ dependencies }, { plan }) =>
      dependenciesHealthy(await Promise.all(plan.guardrails.dependencies.map(dependencies))),
  ],
  ['notification-channel', async ({ channels }, { plan }) => channelReachable(await channels(plan))],
];

/** Those that must be OK before, and those that stop the drill or trigger the rollback later: one in ALARM already could do neither. */
async function checkAlarms({ alarms }: GuardrailPorts, { plan }: Subject): Promise<Check> {
  const { guardrails, stopConditions } = plan;
  const names = [...new Set([...guardrails.alarms, ...stopConditions.alarms, ...alarmsOfTriggers(plan)])];
  return alarmsOk(names, names.length > 0 ? await alarms.states(names) : []);
}

async function ofTarget<Look extends Recheck>(
  ports: GuardrailPorts,
  { plan }: Subject,
  ask: () => Promise<Look>,
): Promise<{ checks: readonly Check[]; look: Look | null }> {
  const look = await briefly(ports, ask).catch((error: Error) => error);
  if (look instanceof Error) return { checks: [unreadable('target', look)], look: null };
  const { facts, checks } = look;
  if (!facts) return { checks, look };
  const { trustedRegistries, settledForMs } = plan.guardrails;
  const images = await Promise.all([
    reading(ports, 'last-healthy-image', async () =>
      lastHealthyPullable(await lookedUp(ports, facts.lastHealthyImages), trustedRegistries),
    ),
    reading(ports, 'known-bad-image', async () =>
      knownBadPullable(
        facts.knownBadImages && (await lookedUp(ports, facts.knownBadImages)),
        trustedRegistries,
      ),
    ),
  ]);
  const { check } = secondLine(facts.hooks);
  const rest = [settled(facts.lastDeployedAt, settledForMs, ports.clock.now()), ...(check ? [check] : [])];
  return { look, checks: [...checks, ...images, ...rest] };
}

function lookedUp(
  { images }: GuardrailPorts,
  references: readonly ImageReference[],
): Promise<readonly LookedUp[]> {
  return Promise.all(references.map(async (image) => ({ ...image, found: await images(image) })));
}

function reading(ports: GuardrailPorts, name: string, read: () => Promise<Check>): Promise<Check> {
  return briefly(ports, read).catch((error: Error) => unreadable(name, error));
}

/** A reading that fails is made once more: what was only a moment's trouble refuses no drill. */
function briefly<Answer>({ clock }: GuardrailPorts, read: () => Promise<Answer>): Promise<Answer> {
  const again = async (): Promise<Answer> => {
    await clock.sleep(PAUSE_MS);
    return read();
  };
  return limited(clock, READING_LIMIT_MS, read().catch(again));
}
