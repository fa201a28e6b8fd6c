import { join } from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Plan } from '../../drill/plan/plan.ts';
import type {
  Alarms,
  Announcer,
  Calendars,
  Caller,
  Channels,
  Counters,
  Deadline,
  Dependencies,
  Executions,
  Images,
  Journal,
  Locks,
  Metrics,
  Migrations,
  Plans,
  Probe,
  Purges,
  Receipts,
  SafetySwitch,
  Secrets,
  Series,
  StatisticsStore,
  Target,
  Validations,
  Waits,
  Warmer,
  WitnessRuns,
} from '../../ports.ts';
import { systemClock } from '../clock.ts';
import { countByHttp } from '../http/counter.ts';
import { httpDependencies } from '../http/dependencies.ts';
import { httpPurge } from '../http/purge.ts';
import { smokeProbe } from '../http/smoke-probe.ts';
import { deployedPlans } from '../plans.ts';
import { countBySql } from '../sql/counter.ts';
import type { Databases } from '../sql/databases.ts';
import { cloudWatchAlarms } from './alarms.ts';
import { snsAnnouncer } from './announcer.ts';
import { changeCalendars } from './calendars.ts';
import { stsCaller } from './caller.ts';
import { snsChannels } from './channels.ts';
import * as clients from './clients.ts';
import { cloudFrontPurge } from './cloudfront-purge.ts';
import { countByMetric } from './counter.ts';
import { scheduledDeadline } from './deadline.ts';
import { type EcsService, ecsTarget } from './ecs/target.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { awsExecutions, witnessRuns } from './executions.ts';
import { ecrImages } from './images.ts';
import { dynamoJournal } from './journal.ts';
import { dynamoLocks } from './locks.ts';
import { cloudWatchMetrics } from './metrics.ts';
import { awsMigrations } from './migrations/migrations.ts';
import { awsReceipts } from './receipts.ts';
import { parameterSwitch } from './safety-switch.ts';
import { awsSecretVersions, type SecretVersions } from './secret-versions.ts';
import { awsSecrets } from './secrets.ts';
import { s3Series } from './series.ts';
import { dynamoStatistics } from './statistics.ts';
import type { Table } from './table.ts';
import { invokedValidations } from './validations.ts';
import { tokenWaits } from './waits.ts';
import { lambdaWarmer } from './warmer.ts';

/* Each port on its own, so that a handler's bundle holds only what it uses. */

export const clock = systemClock;

export function plans(): Plans {
  return deployedPlans(join(environment().LAMBDA_TASK_ROOT, 'plans'));
}

export function journal(): Journal {
  return dynamoJournal(table(), clock);
}

export function locks(): Locks {
  return dynamoLocks(table(), clock);
}

export function waits(): Waits {
  return tokenWaits(table(), clients.sfn(), clock);
}

export function receipts(): Receipts {
  return awsReceipts(table(), clients.s3(), environment().BUCKET_NAME, clock);
}

export function statistics(): StatisticsStore {
  return dynamoStatistics(table());
}

export function series(): Series {
  return s3Series(clients.s3(), environment().BUCKET_NAME);
}

export function announcer(): Announcer {
  return snsAnnouncer(clients.sns(), environment().TOPIC_ARN);
}

export function caller(): Caller {
  return stsCaller(clients.sts());
}

export function executions(): Executions {
  return awsExecutions(clients.sfn());
}

export function witnessMachine(): WitnessRuns {
  return witnessRuns(clients.sfn(), needed('WITNESS_STATE_MACHINE_ARN'));
}

export function deadline(): Deadline {
  const watchdog = { functionArn: needed('WATCHDOG_FUNCTION_ARN'), roleArn: needed('SCHEDULER_ROLE_ARN') };
  return scheduledDeadline(clients.scheduler(), watchdog);
}

export function warmer(): Warmer {
  return lambdaWarmer(clients.lambda(), environment().WARM_FUNCTION_ARNS.split(',').filter(Boolean));
}

export function validations(): Validations {
  const functionArns = JSON.parse(environment().VALIDATION_FUNCTION_ARNS) as Readonly<Record<string, string>>;
  return invokedValidations(clients.lambdaPatiently(), functionArns, clock);
}

/** Whoever counts brings along how to get to databases. */
export function counters(open: Databases): Counters {
  const cloudWatch = clients.cloudWatch();
  return (source, window, databases, signal) => {
    if ('http' in source) return countByHttp(source.http, window, clock, signal);
    if ('metric' in source) return countByMetric(cloudWatch, source.metric, window, signal);
    return countBySql(open, source.sql, databases, window, signal);
  };
}

export function targets(): (plan: Plan) => Target {
  const service = services();
  return (plan) => ecsTarget(service(plan));
}

export function services(): (plan: Plan) => EcsService {
  const ecs = clients.ecs();
  return ({ target }) => {
    if (target.kind !== 'ecs') throw new Error(`targets of kind ${target.kind} cannot be drilled yet`);
    return { ecs, clock, cluster: target.cluster, service: target.service };
  };
}

export function migrations(): Migrations {
  return awsMigrations({ ecs: clients.ecs(), lambda: clients.lambdaPatiently(), clock });
}

export function probes(): (plan: Plan) => Probe {
  return (plan) => smokeProbe(plan.smoke, clock);
}

export function safetySwitch(): SafetySwitch {
  return parameterSwitch(clients.ssm(), environment().SAFETY_SWITCH_PARAMETER);
}

export function secrets(): Secrets {
  return awsSecrets({ secretsManager: clients.secretsManager(), ssm: clients.ssm() });
}

export function purges(): Purges {
  return { http: httpPurge(clock), 'cloud-front': cloudFrontPurge(clients.cloudFront()) };
}

export function alarms(): Alarms {
  return cloudWatchAlarms(clients.cloudWatch());
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

export function calendars(): Calendars {
  return changeCalendars(clients.ssm());
}

export function images(): Images {
  return ecrImages(clients.ecr);
}

export function channels(): Channels {
  return snsChannels(clients.sns(), environment().TOPIC_ARN);
}

export function dependencies(): Dependencies {
  return httpDependencies(clock);
}

export function environments(): readonly string[] {
  return environment()
    .ALLOWED_ENVIRONMENTS.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function table(): Table {
  return { dynamo: clients.dynamo(), name: environment().TABLE_NAME };
}

function environment(): Environment {
  return readEnvironment(process.env);
}

function needed(name: 'WITNESS_STATE_MACHINE_ARN' | 'WATCHDOG_FUNCTION_ARN' | 'SCHEDULER_ROLE_ARN'): string {
  const value = environment()[name];
  if (value === undefined) throw new Error(`the function's environment has no ${name}`);
  return value;
}
