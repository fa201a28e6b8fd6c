import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Counters, Metrics, Purges, Secrets } from '../../../ports/validations.ts';
import { systemClock as clock } from '../../clock.ts';
import { countByHttp } from '../../http/counter.ts';
import { httpPurge } from '../../http/purge.ts';
import { countBySql } from '../../sql/counter.ts';
import type { Databases } from '../../sql/databases.ts';
import * as clients from '../clients.ts';
import { cloudFrontPurge } from '../cloudfront-purge.ts';
import { countByMetric } from '../counter.ts';
import { cloudWatchMetrics } from '../metrics.ts';
import { awsSecretVersions, type SecretVersions } from '../secret-versions.ts';
import { awsSecrets } from '../secrets.ts';

/* What validations need of what they judge. */

/** Whoever counts brings along how to get to databases. */
export function counters(open: Databases): Counters {
  const cloudWatch = clients.cloudWatch();
  return (source, window, databases, signal) => {
    if ('http' in source) return countByHttp(source.http, window, clock, signal);
    if ('metric' in source) return countByMetric(cloudWatch, source.metric, window, signal);
    return countBySql(open, source.sql, databases, window, signal);
  };
}

export function secrets(): Secrets {
  return awsSecrets({ secretsManager: clients.secretsManager(), ssm: clients.ssm() });
}

export function purges(): Purges {
  return { http: httpPurge(clock), 'cloud-front': cloudFrontPurge(clients.cloudFront()) };
}

export function metrics(): Metrics {
  return cloudWatchMetrics(clients.cloudWatch());
}

export function queues(): SQSClient {
  return clients.sqs();
}

export function secretVersions(): SecretVersions {
  return awsSecretVersions({ secretsManagerIn: clients.secretsManager, ssmIn: clients.ssm });
}
