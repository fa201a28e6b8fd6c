import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Datum } from '../cloudwatch/metrics.ts';
import type { LoadBalancers } from '../ecs/data-plane.ts';
import type { Command, HealthCheck, Report, Settings } from './messages.ts';
import { remotePurges } from './remote-purges.ts';
import { remoteTargetGroup } from './remote-target-group.ts';

export interface TrafficOptions {
  readonly truthFile: string;
  /** 0, the default, for any. */
  readonly edgePort?: number;
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly healthCheck?: Partial<HealthCheck>;
  readonly deregistrationDelayMs?: number;
  /** A purge is taken, and nothing is forgotten. */
  readonly ignoresPurges?: boolean;
}

export interface Traffic {
  readonly edgeUrl: string;
  readonly loadBalancerUrl: string;
  readonly loadBalancers: LoadBalancers;
  /** Forgets what the edge keeps of the paths that match (`*` stands for anything). Resolves with the number of entries. */
  purge(patterns: readonly string[]): Promise<number>;
  /** Hears what the load balancer measured, some times a second while there are requests. */
  onMeasured(listener: (data: readonly Datum[]) => void): void;
  close(): Promise<void>;
}

const HEALTH_CHECK: HealthCheck = {
  path: '/health',
  intervalMs: 150,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  timeoutMs: 1_000,
};
const START_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** Starts the load balancer and the edge in a process of their own. Rejects when it cannot listen, as on a port in use. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const child = launch({
    truthFile: options.truthFile,
    edgePort: options.edgePort ?? 0,
    healthCheck: { ...HEALTH_CHECK, ...options.healthCheck },
    deregistrationDelayMs: options.deregistrationDelayMs ?? 500,
    ignoresPurges: options.ignoresPurges ?? false,
    loadBalancer: dimensionOf(options.loadBalancerArn),
    targetGroup: dimensionOf(options.targetGroupArn),
  });
  const { edgePort, loadBalancerPort } = await listening(child);
  const tell = (command: Command): void => {
    if (!child.connected) throw new Error(`Cannot ${command.kind}: the traffic process has ended.`);
    child.send(command);
  };
  const group = remoteTargetGroup(tell);
  const purges = remotePurges(tell);
  const listeners: ((data: readonly Datum[]) => void)[] = [];
  child.on('message', (message) => {
    const report = message as Report;
    group.hear(report);
    purges.hear(report);
    if (report.kind === 'measured') for (const listener of listeners) listener(report.data);
  });
  child.once('exit', () => {
    group.ended();
    purges.ended();
  });
  return {
    edgeUrl: `http://127.0.0.1:${edgePort}`,
    loadBalancerUrl: `http://127.0.0.1:${loadBalancerPort}`,
    loadBalancers: { targetGroup: (arn) => (arn === options.targetGroupArn ? group : undefined) },
    purge: purges.purge,
    onMeasured: (listener) => void listeners.push(listener),
    close: () => end(child),
  };
}

/** A load balancer and a target group are told in metrics by the end of their ARNs. */
function dimensionOf(arn: string): string {
  return (arn.split(':').at(-1) ?? '').replace(/^loadbalancer\//, '');
}

function launch(settings: Settings): ChildProcess {
  return fork(join(import.meta.dirname, 'main.ts'), [JSON.stringify(settings)], {
    execArgv: [],
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl-C at a terminal is not for this process: users are served until the target is restored.
    detached: true,
  });
}

function listening(child: ChildProcess): Promise<Extract<Report, { kind: 'listening' }>> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The load balancer and the edge did not start: ${reason}`));
    };
    const timer = setTimeout(() => fail(`nothing heard in ${START_TIMEOUT_MS} ms.`), START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (exitCode) => fail(`the process ended with exit code ${exitCode}.`));
    child.once('message', (message) => {
      const report = message as Report;
      if (report.kind !== 'listening') return fail(report.kind === 'failed' ? report.reason : report.kind);
      clearTimeout(timer);
      resolve(report);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
  if (child.connected) child.send({ kind: 'close' } satisfies Command);
  await gone;
  clearTimeout(timer);
}
