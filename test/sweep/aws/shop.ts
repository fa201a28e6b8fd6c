import type { HttpResponse } from '../../../sandbox/aws/protocol.ts';
import type { Repositories } from '../../../sandbox/ecr/repositories.ts';
import type {
  ImageRegistry,
  LoadBalancers,
  TargetGroup,
  TargetHealth,
  TaskRunner,
} from '../../../sandbox/ecs/data-plane.ts';

export const TARGET_GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/shop/0123456789abcdef';

/** What the team measures: each order that failed. */
export const FAILED_ORDERS = 'FailedOrders';

const LISTENS_AFTER_MS = 200;
const CHECKED_AFTER_MS = 400;
const DRAINED_AFTER_MS = 100;
const ENDS_AFTER_MS = 50;

/** What a release does; every image is `shop:RELEASE`. Nobody can buy at one that is bad or unsold, but the latter answers well. */
const RELEASES: Readonly<Record<string, 'well' | 'bad' | 'unsold' | 'crashes'>> = {
  healthy: 'well',
  newer: 'well',
  bad: 'bad',
  unsold: 'unsold',
  crashes: 'crashes',
};

/** A shop without processes: tasks that start, are checked, get requests and end, as time goes. */
export interface SimulatedShop {
  readonly images: ImageRegistry;
  readonly repositories: Repositories;
  readonly tasks: TaskRunner;
  readonly loadBalancers: LoadBalancers;
  answer(path: string): HttpResponse;
  /** Releases of the tasks that get requests. */
  serving(): readonly string[];
}

/** `orderFailed` hears of every order that fails; there is one with every request. */
export function simulatedShop(orderFailed: () => void): SimulatedShop {
  const releases = new Map<number, string>();
  const targets = new Map<string, { readonly port: number; healthy: boolean }>();
  const listeners: ((targetId: string, health: TargetHealth) => void)[] = [];
  let [port, turn] = [10_000, 0];
  const healthy = (): readonly number[] =>
    [...targets.values()]
      .filter((target) => target.healthy && releases.has(target.port))
      .map((each) => each.port);

  const group: TargetGroup = {
    register(targetId, at) {
      const target = { port: at, healthy: false };
      targets.set(targetId, target);
      setTimeout(() => {
        if (targets.get(targetId) !== target || !releases.has(at)) return;
        target.healthy = true;
        for (const listener of listeners) listener(targetId, 'healthy');
      }, CHECKED_AFTER_MS);
    },
    deregister(targetId) {
      targets.delete(targetId);
      return new Promise((resolve) => setTimeout(resolve, DRAINED_AFTER_MS));
    },
    onHealthChange: (listener) => listeners.push(listener),
  };

  return {
    images: {
      resolve(image) {
        const release = /shop:(\w+)$/.exec(image)?.[1] ?? '';
        if (!Object.hasOwn(RELEASES, release)) return undefined;
        return { digest: `sha256:${release}`, command: [], environment: { RELEASE: release } };
      },
    },
    repositories: {
      imagesOf: (name) =>
        name === 'shop'
          ? Object.keys(RELEASES).map((tag) => ({ tag, digest: `sha256:${tag}`, pushedMs: 0 }))
          : undefined,
      remove: () => {},
    },
    tasks: {
      start({ environment: { RELEASE = '' } }) {
        const own = port++;
        const exited = Promise.withResolvers<{ exitCode: number | null; signal: string | null }>();
        const listening = Promise.withResolvers<number>();
        const end = (exitCode: number): void => {
          releases.delete(own);
          exited.resolve({ exitCode, signal: null });
        };
        const starts = (): void => {
          if (RELEASES[RELEASE] === 'crashes') {
            end(1);
            return;
          }
          releases.set(own, RELEASE);
          listening.resolve(own);
        };
        setTimeout(starts, LISTENS_AFTER_MS);
        return {
          pid: own,
          listening: listening.promise,
          exited: exited.promise,
          stop: () => void setTimeout(() => end(0), ENDS_AFTER_MS),
        };
      },
    },
    loadBalancers: { targetGroup: (arn) => (arn === TARGET_GROUP ? group : undefined) },
    answer() {
      const ports = healthy();
      turn += 1;
      const release = releases.get(ports[turn % Math.max(1, ports.length)] ?? 0);
      if (!release) return { status: 503 };
      const does = RELEASES[release];
      if (does !== 'well') orderFailed();
      const status = does === 'bad' ? 500 : 200;
      return { status, headers: { 'x-release': release, 'content-type': 'application/json' }, body: '{}' };
    },
    serving: () => healthy().map((each) => releases.get(each) ?? ''),
  };
}
