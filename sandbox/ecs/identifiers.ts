import { randomBytes } from 'node:crypto';
import { arn } from '../aws/account.ts';

export const clusterArn = (cluster: string): string => arn('ecs', `cluster/${cluster}`);

export const serviceArn = (cluster: string, service: string): string =>
  arn('ecs', `service/${cluster}/${service}`);

export const taskDefinitionArn = (family: string, revision: number): string =>
  arn('ecs', `task-definition/${family}:${revision}`);

export const newServiceDeploymentArn = (cluster: string, service: string): string =>
  arn(
    'ecs',
    `service-deployment/${cluster}/${service}/${randomBytes(16).toString('base64url').slice(0, 21)}`,
  );

export const newServiceRevisionArn = (cluster: string, service: string): string =>
  arn('ecs', `service-revision/${cluster}/${service}/${nineteenDigits()}`);

export const newDeploymentId = (): string => `ecs-svc/${nineteenDigits()}`;

export const newTaskId = (): string => randomBytes(16).toString('hex');

export const taskArn = (cluster: string, taskId: string): string => arn('ecs', `task/${cluster}/${taskId}`);

export const newContainerArn = (cluster: string, taskId: string): string =>
  arn('ecs', `container/${cluster}/${taskId}/${crypto.randomUUID()}`);

/** The last part of a name or ARN, which is the name. */
export const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** The tag of an image: what a release is known by. */
export function releaseOf(image: string): string {
  const tag = image.slice(image.lastIndexOf(':') + 1);
  return tag === image || tag.includes('/') ? 'latest' : tag;
}

function nineteenDigits(): string {
  return String((randomBytes(8).readBigUInt64BE() % (9n * 10n ** 18n)) + 10n ** 18n);
}
