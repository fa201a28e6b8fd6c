import { createHash } from 'node:crypto';
import type { LoadBalancer, Service } from '@aws-sdk/client-ecs';
import type { Setting } from '../../../drill/validations/configuration.ts';

/** What the service itself is set to. */
export function settingsOfService(service: Service): readonly Setting[] {
  const { taskDefinition = '', desiredCount = 0, deploymentConfiguration = {}, loadBalancers = [] } = service;
  return [
    shown('task-definition', 'task definition', taskDefinition.split('/').at(-1) ?? ''),
    shown('desired-count', 'desired count', String(desiredCount)),
    ...leavesOf('', deploymentConfiguration).map(([path, value]) =>
      setting('deployment-configuration', `deployment configuration ${path}`, value),
    ),
    ...loadBalancers.map(ofLoadBalancer),
  ];
}

function ofLoadBalancer({ targetGroupArn, loadBalancerName, ...others }: LoadBalancer): Setting {
  const { containerName, containerPort, ...advanced } = others;
  const target = `${containerName}:${containerPort}`;
  const more = Object.keys(advanced).length > 0 ? ` with ${fingerprint(JSON.stringify(advanced))}` : '';
  const name = `target group ${targetGroupArn ?? loadBalancerName ?? ''}`;
  return shown('load-balancers', name, `${target}${more}`);
}

type Leaf = readonly [path: string, value: unknown];

/** `{a: {b: 1}, c: [true]}` → `a.b` and `c.0`. */
function leavesOf(path: string, value: unknown): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(path ? `${path}.${key}` : key, inner));
}

/** Texts may be the team's own, as in the details of a hook. */
function setting(part: Setting['part'], name: string, value: unknown): Setting {
  if (typeof value !== 'string') return shown(part, name, String(value));
  return { part, name, value: fingerprint(value), isShown: false };
}

function shown(part: Setting['part'], name: string, value: string): Setting {
  return { part, name, value, isShown: true };
}

function fingerprint(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
