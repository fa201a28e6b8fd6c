/** How a rolling update goes on. Pure: it looks at the tasks there are and says what to start and what to stop now. */

export interface RollingUpdate {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** `false` when a failed deployment is halted: nothing new is started, and nothing is stopped to make room for it. */
  readonly maySurge: boolean;
  readonly tasks: readonly TaskView[];
}

export interface TaskView {
  readonly id: string;
  /** Whether it belongs to the PRIMARY deployment. */
  readonly current: boolean;
  /** Whether it runs what the PRIMARY deployment runs, if only by an earlier deployment. */
  readonly sameRevision: boolean;
  readonly phase: 'starting' | 'healthy' | 'stopping';
  readonly createdAt: number;
}

export interface NextSteps {
  readonly start: number;
  readonly stop: readonly string[];
}

/**
 * Stopping leaves at least `minimumHealthyPercent` (rounded up) healthy. Starting keeps everything that is not yet STOPPED, tasks on their
 * way out included, within `maximumPercent` (rounded down). Old tasks go when new ones are healthy, or to make room for new ones.
 */
export function nextSteps(update: RollingUpdate): NextSteps {
  const { desiredCount, tasks } = update;
  const ceiling = Math.floor((desiredCount * update.maximumPercent) / 100);
  const floor = Math.ceil((desiredCount * update.minimumHealthyPercent) / 100);
  const living = tasks.filter(({ phase }) => phase !== 'stopping');
  const current = living.filter((task) => task.current);
  const missing = update.maySurge ? Math.max(0, desiredCount - current.length) : 0;

  const useless = [...surplusStarting(current, desiredCount), ...living.filter(isStartingOld)];
  const left = living.filter((task) => !useless.includes(task));
  const healthy = left.filter(isHealthy);
  const lackOfRoom = Math.max(0, missing - Math.max(0, ceiling - left.length));
  const dispensable = Math.max(0, healthy.length - desiredCount) + lackOfRoom;
  const mayStop = Math.min(dispensable, Math.max(0, healthy.length - floor));
  const candidates = [...healthy.filter(isOld).sort(leastWorthFirst), ...surplus(left, desiredCount)];

  return {
    start: Math.max(0, Math.min(missing, ceiling - tasks.length)),
    stop: [...useless, ...candidates.slice(0, mayStop)].map(({ id }) => id),
  };
}

const isHealthy = ({ phase }: TaskView): boolean => phase === 'healthy';
const isOld = ({ current }: TaskView): boolean => !current;
const isStartingOld = (task: TaskView): boolean => isOld(task) && task.phase === 'starting';

/** After scaling in, those that do not serve yet go first, and at once. */
function surplusStarting(current: readonly TaskView[], desiredCount: number): TaskView[] {
  const surplusCount = Math.max(0, current.length - desiredCount);
  return current.filter(({ phase }) => phase === 'starting').slice(0, surplusCount);
}

/** Healthy ones of the PRIMARY deployment beyond the desired count, the oldest first. */
function surplus(left: readonly TaskView[], desiredCount: number): TaskView[] {
  const current = left.filter((task) => task.current);
  const surplusCount = Math.max(0, current.length - desiredCount);
  return current
    .filter(isHealthy)
    .sort((one, other) => one.createdAt - other.createdAt)
    .slice(0, surplusCount);
}

/** What is left behind goes before what is returned to; the newest deployment's tasks go before proven ones. */
function leastWorthFirst(one: TaskView, other: TaskView): number {
  return Number(one.sameRevision) - Number(other.sameRevision) || other.createdAt - one.createdAt;
}
