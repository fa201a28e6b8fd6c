import { join } from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Entry } from '../../drill/journal.ts';
import type { Plan } from '../../drill/plan/plan.ts';
import { serviceOf } from '../../drill/service.ts';
import type { DrillStarts, Journal, Plans } from '../../ports/drills.ts';
import type {
  Alarms,
  Calendars,
  Channels,
  Dependencies,
  Images,
  SafetySwitch,
} from '../../ports/guardrails.ts';
import type { Locks } from '../../ports/locks.ts';
import type { Announcer, Caller } from '../../ports/people.ts';
import type { DrillHistory, DrillIndex, Receipts } from '../../ports/receipts.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { StatisticsStore } from '../../ports/statistics.ts';
import type { Migrations, PathReader } from '../../ports/target.ts';
import type { Counters, Metrics, Purges, Secrets, Validations } from '../../ports/validations.ts';
import type { Deadline, Executions, Waits, Warmer } from '../../ports/waits.ts';
import type { Probe, Series, WitnessRuns } from '../../ports/witness.ts';
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
import type { Pipeline } from './codepipeline/target.ts';
import { countByMetric } from './counter.ts';
import { scheduledDeadline } from './deadline.ts';
import { dynamoDrillHistory } from './drill-history.ts';
import { dynamoDrillIndex } from './drill-index.ts';
import type { EcsService } from './ecs/target.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { awsExecutions, drillStarts, witnessRuns } from './executions.ts';
import { ecrImages } from './images.ts';
import { dynamoJournal } from './journal.ts';
import { dynamoLocks } from './locks.ts';
import { cloudWatchMetrics } from './metrics.ts';
import { awsMigrations } from './migrations/migrations.ts';
import { deployedPath } from './path-now.ts';
import { awsReceipts, findSealed, takeNumber } from './receipts.ts';
import { parameterSwitch } from './safety-switch.ts';
import { invokedSealer } from './sealer.ts';
import { awsSecretVersions, type SecretVersions } from './secret-versions.ts';
import { awsSecrets } from './secrets.ts';
import { dynamoSeries } from './series.ts';
import { type SendSigned, sendSigned } from './signed-requests.ts';
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
  return awsReceipts(table(), { s3: clients.s3(), bucket: environment().BUCKET_NAME }, clock);
}

/** What is read of receipts, without what seals them. */
export function sealedReceipts(): Pick<Receipts, 'find'> {
  return { find: (drillId) => findSealed(table(), drillId) };
}

/** What numbers drills, without what seals them. */
export function numbers(): Pick<Receipts, 'number'> {
  return { number: (drill) => takeNumber(table(), drill, clock.now()) };
}

export function drillIndex(): DrillIndex {
  return dynamoDrillIndex(table());
}

export function starts(): DrillStarts {
  return drillStarts(clients.sfn(), needed('DRILL_STATE_MACHINE_ARN'));
}

export function statistics(): StatisticsStore {
  return dynamoStatistics(table());
}

export function drillHistory(): DrillHistory {
  return dynamoDrillHistory(table());
}

export function series(): Series {
  return dynamoSeries(table(), clock);
}

export function announcer(): Announcer {
  return snsAnnouncer(clients.sns(), environment().TOPIC_ARN);
}

export function caller(): Caller {
  return stsCaller(clients.sts());
}

export function signedRequests(): SendSigned {
  return sendSigned(clients.sts(), clock);
}

export function executions(): Executions {
  return awsExecutions(clients.sfn());
}

export function witnessMachine(): WitnessRuns {
  return witnessRuns(clients.sfn(), needed('WITNESS_STATE_MACHINE_ARN'));
}

export function deadline(): Deadline {
  const watchdog = {
    functionArn: needed('WATCHDOG_FUNCTION_ARN'),
    roleArn: needed('SCHEDULER_ROLE_ARN'),
    groupName: environment().SCHEDULE_GROUP,
  };
  return scheduledDeadline(clients.scheduler(), watchdog);
}

export function warmer(): Warmer {
  return lambdaWarmer(clients.lambda(), environment().WARM_FUNCTION_ARNS.split(',').filter(Boolean));
}

export function validations(): Validations {
  const functionArns = JSON.parse(environment().VALIDATION_FUNCTION_ARNS) as Readonly<Record<string, string>>;
  return invokedValidations(clients.lambdaPatiently(), functionArns, clock);
}

export function sealer(): Sealer {
  return invokedSealer(clients.lambdaPatiently(), needed('SEAL_FUNCTION_ARN'));
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

/** The pipeline of a plan; `null` when its releases go through none. */
export function pipelines(ecs = clients.ecs()): (plan: Plan) => Pipeline | null {
  let codePipeline: Pipeline['codePipeline'] | undefined;
  return ({ target }) => {
    if (target.kind !== 'codepipeline') return null;
    codePipeline ??= clients.codePipeline();
    return { codePipeline, ecs, clock, target };
  };
}

/** The service of a plan; behind a pipeline that it does not name, the one that the drill of this journal has locked. */
export function services(ecs = clients.ecs()): (plan: Plan, journal?: readonly Entry[]) => EcsService {
  return (plan, journal = []) => {
    const found = serviceOf(plan, journal);
    if (found) return { ecs, clock, ...found };
    throw new Error(
      `plan ${plan.name} does not say which service its pipeline deploys to; add target.codepipeline.ecs: { cluster, service }`,
    );
  };
}

export function migrations(): Migrations {
  return awsMigrations({ ecs: clients.ecs(), lambda: clients.lambdaPatiently(), clock });
}

/** What the rollback path of each of these plans is now. */
export function pathReader(from: Plans): PathReader {
  return deployedPath(from, { service: services(), pipeline: pipelines() });
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

function needed(
  name:
    | 'DRILL_STATE_MACHINE_ARN'
    | 'WITNESS_STATE_MACHINE_ARN'
    | 'WATCHDOG_FUNCTION_ARN'
    | 'SEAL_FUNCTION_ARN'
    | 'SCHEDULER_ROLE_ARN',
): string {
  const value = environment()[name];
  if (value === undefined) throw new Error(`the function's environment has no ${name}`);
  return value;
}
