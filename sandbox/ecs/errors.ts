/** The errors of ECS, with its names and, where known, its words. */

import { AwsError } from '../aws/protocol.ts';

export const clientError = (message: string): AwsError => new AwsError('ClientException', message);

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message);

export const unsupported = (message: string): AwsError =>
  new AwsError('UnsupportedFeatureException', message);

export const clusterNotFound = (): AwsError => new AwsError('ClusterNotFoundException', 'Cluster not found.');

export const serviceNotFound = (): AwsError => new AwsError('ServiceNotFoundException', 'Service not found.');

export const serviceNotActive = (): AwsError =>
  new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');

export const serviceDeploymentNotFound = (): AwsError =>
  new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');

export const conflict = (message: string): AwsError => new AwsError('ConflictException', message);
