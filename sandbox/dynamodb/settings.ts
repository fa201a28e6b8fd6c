import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { type Database, part } from './database.ts';
import { requireTable } from './tables.ts';

interface Settings {
  readonly ttlAttribute?: string | undefined;
  readonly pointInTimeRecovery?: boolean;
}

/** Time to live is remembered but never deletes: on AWS too an expired item may be read for days. */
export function describeTimeToLive(database: Database, input: JsonObject): JsonObject {
  const { ttlAttribute } = settingsOf(database, requireTable(database, input));
  return {
    TimeToLiveDescription: ttlAttribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}

/** Refuses to set what is already set, as AWS does. */
export async function updateTimeToLive(database: Database, input: JsonObject): Promise<JsonObject> {
  const table = requireTable(database, input);
  const specification = (input.TimeToLiveSpecification ?? {}) as JsonObject;
  const { Enabled: enabled, AttributeName: attribute } = specification;
  if (typeof enabled !== 'boolean' || typeof attribute !== 'string' || attribute === '')
    throw refusal('TimeToLiveSpecification needs Enabled and AttributeName');
  const current = settingsOf(database, table).ttlAttribute;
  if (enabled && current === attribute) throw refusal('TimeToLive is already enabled');
  if (!enabled && !current) throw refusal('TimeToLive is already disabled');
  if (current && current !== attribute)
    throw refusal(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  await change(database, table, { ttlAttribute: enabled ? attribute : undefined });
  return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
}

/** Point-in-time recovery is remembered; there is nothing to restore from. */
export function describeContinuousBackups(database: Database, input: JsonObject): JsonObject {
  const { pointInTimeRecovery } = settingsOf(
    database,
    requireTable(database, input, 'TableNotFoundException'),
  );
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
      },
    },
  };
}

export async function updateContinuousBackups(database: Database, input: JsonObject): Promise<JsonObject> {
  const table = requireTable(database, input, 'TableNotFoundException');
  const specification = (input.PointInTimeRecoverySpecification ?? {}) as JsonObject;
  const enabled = specification.PointInTimeRecoveryEnabled;
  if (typeof enabled !== 'boolean') throw refusal('PointInTimeRecoveryEnabled must be true or false');
  await change(database, table, { pointInTimeRecovery: enabled });
  return describeContinuousBackups(database, input);
}

function settingsOf(database: Database, table: string): Settings {
  return (database.level.getSync(part.settings + table) ?? {}) as Settings;
}

function change(database: Database, table: string, settings: Settings): Promise<void> {
  const value = { ...settingsOf(database, table), ...settings };
  return database.level.batch([{ type: 'put', key: part.settings + table, value }]);
}

function refusal(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
