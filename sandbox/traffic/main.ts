/** The traffic process: load balancer and edge, away from the control plane's event loop. Ends when its parent does. */
import { bufferedTruthAt, logAccess } from './access-log.ts';
import { type Edge, startEdge } from './edge.ts';
import type { Front } from './front.ts';
import { watchHealth } from './health.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { measures } from './measures.ts';
import type { Command, Report, Settings } from './messages.ts';
import { releaseShares } from './shares.ts';
import { targetGroup } from './targets.ts';

const settings = JSON.parse(process.argv[2] ?? '') as Settings;
const { tell, flush } = bufferedTruthAt(settings.truthFile);
process.once('exit', flush);
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

const targets = targetGroup(settings);
const showShares = releaseShares(tell);
const serving = (): void => showShares(targets.healthy());
await start().catch((error: unknown) => {
  report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
});

async function start(): Promise<void> {
  const loadBalancer = await startLoadBalancer(targets, {
    learnt: serving,
    measures: measures({
      ...settings,
      targets: targets.all,
      report: (data) => report({ kind: 'measured', data }),
    }),
  });
  const edge = await startEdge({
    port: settings.edgePort,
    originPort: loadBalancer.port,
    arrived: logAccess(tell),
    purged: (patterns, entries) => tell('cache-purged', { patterns, entries }),
    ignoresPurges: settings.ignoresPurges,
  });
  process.on('message', (message) => obey(message as Command, edge, loadBalancer));
  report({ kind: 'listening', edgePort: edge.port, loadBalancerPort: loadBalancer.port });
}

function obey(command: Command, edge: Edge, loadBalancer: Front): void {
  if (command.kind === 'register') register(command.registration, command.targetId, command.port);
  if (command.kind === 'deregister') deregister(command.registration);
  if (command.kind === 'purge') purge(edge, command.purge, command.patterns);
  if (command.kind === 'close') Promise.all([edge.close(), loadBalancer.close()]).then(() => process.exit(0));
}

function register(registration: number, targetId: string, port: number): void {
  const target = targets.add(registration, targetId, port);
  watchHealth(target, settings.healthCheck, {
    present: () => targets.has(target),
    changed() {
      serving();
      if (target.health !== 'initial') report({ kind: 'health', registration, health: target.health });
    },
  });
}

async function deregister(registration: number): Promise<void> {
  const drained = targets.drain(registration);
  serving();
  await drained;
  report({ kind: 'drained', registration });
}

function purge(edge: Edge, id: number, patterns: readonly string[]): void {
  report({ kind: 'purged', purge: id, entries: edge.purge(patterns) });
}

function report(message: Report): void {
  process.send?.(message);
}
