import type { FunctionName } from './functions.ts';
import {
  announce,
  answerWaits,
  armDeadline,
  askSealer,
  disarmDeadline,
  readDeadline,
  runValidations,
  startDrills,
  startWitness,
  stopDrills,
  warmUp,
} from './grants/control.ts';
import { readDatabasesOf, readDatabasesOfCensus } from './grants/databases.ts';
import type { Grant, Surroundings } from './grants/grant.ts';
import {
  knowEnvironments,
  readAlarms,
  readCalendars,
  readChannels,
  readImages,
  readMetricsOfCensus,
  readSafetySwitch,
  turnSafetySwitch,
} from './grants/guardrails.ts';
import { findUndo, undoMigrations } from './grants/migrations.ts';
import { purgeCaches } from './grants/purges.ts';
import { readRecords, recordPeople, records, seal } from './grants/records.ts';
import { readSecretsOf } from './grants/secrets.ts';
import { capture, deploy, findKnownBad, observe, readPath, rollBack, tidyUp } from './grants/target.ts';
import {
  readAlarmsAfter,
  readConfiguration,
  readMetrics,
  readQueues,
  readTasks,
} from './grants/validations.ts';

/** What the guardrails read around the target. */
const GUARDRAILS = [
  knowEnvironments,
  readAlarms,
  readCalendars,
  readChannels,
  readImages,
  readSafetySwitch,
  findUndo,
] as const;

/** What each function may do; one grant for each use of a port that its handler asks for. */
export const ACCESS: Readonly<Record<FunctionName, readonly ((surroundings: Surroundings) => Grant)[]>> = {
  LoadPlan: [records],
  LockTarget: [records],
  CheckGuardrails: [records, answerWaits, capture, startWitness, runValidations, ...GUARDRAILS],
  AwaitApproval: [records, answerWaits, announce],
  ArmWatchdog: [records, capture, armDeadline, ...GUARDRAILS],
  DeployKnownBad: [records, deploy],
  AwaitTrigger: [records, answerWaits, observe, warmUp, readAlarms],
  DecideRollback: [records],
  AwaitDecision: [records, answerWaits, observe, announce],
  RollBack: [records, observe, rollBack],
  UndoMigration: [records, undoMigrations, announce],
  AwaitRestored: [records, answerWaits, observe],
  SyntheticTransaction: [records, readSecretsOf('synthetic-transaction')],
  VersionUniformity: [records, readTasks],
  ReplicaSchema: [records, readDatabasesOf('replica-schema')],
  DataConsistency: [records, readDatabasesOf('data-consistency')],
  Monitoring: [records, readAlarmsAfter, readMetrics],
  EndpointHealth: [records, readSecretsOf('endpoint-health')],
  BackgroundWork: [records, readQueues],
  Sessions: [records, readSecretsOf('sessions')],
  Configuration: [records, readConfiguration],
  CachePurge: [records, readSecretsOf('cache-purge'), purgeCaches],
  CountSideEffects: [records, readMetricsOfCensus, readDatabasesOfCensus],
  Stabilise: [records, answerWaits],
  SealReceipt: [records, seal, tidyUp, disarmDeadline, announce],
  Witness: [records, answerWaits, observe, announce, readAlarms, readSafetySwitch],
  ObserveEvent: [records, answerWaits, observe],
  StartDrill: [startDrills, announce],
  GuardRemoval: [records, answerWaits, readSafetySwitch, turnSafetySwitch],
  Api: [readRecords, recordPeople, answerWaits, announce, startDrills, readPath],
  Watchdog: [
    records,
    observe,
    findKnownBad,
    rollBack,
    undoMigrations,
    stopDrills,
    armDeadline,
    readDeadline,
    announce,
    runValidations,
    askSealer,
  ],
};
