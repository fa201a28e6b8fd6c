import type { ServiceEvent } from '../aws/events.ts';
import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { isObject } from './conditions.ts';
import { onDefaultBus } from './rules.ts';

const MAX_ENTRIES = 10;
const MAX_BYTES = 1_048_576;

/** Each entry is accepted or refused by itself. `accept` gives the event its id. */
export function putEvents(
  input: JsonObject,
  accept: (event: ServiceEvent, timeMs?: number) => string,
): object {
  const entries = Array.isArray(input.Entries) ? input.Entries : [];
  if (entries.length < 1 || entries.length > MAX_ENTRIES)
    throw new AwsError('ValidationException', `PutEvents takes 1 to ${MAX_ENTRIES} entries.`);
  if (Buffer.byteLength(JSON.stringify(entries)) > MAX_BYTES)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  for (const entry of entries) onDefaultBus(entry);
  const Entries = entries.map((entry) => putEvent(entry, accept));
  return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
}

function putEvent(
  entry: JsonObject,
  accept: (event: ServiceEvent, timeMs?: number) => string,
): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  const { Source, DetailType, Detail, Resources, Time } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail }))
    if (typeof value !== 'string' || value === '') return missing(name);
  if (String(Source).startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  const detail = parseObject(String(Detail));
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const resources = Array.isArray(Resources) ? Resources.map(String) : [];
  const event = { source: String(Source), detailType: String(DetailType), resources, detail };
  return { EventId: accept(event, typeof Time === 'number' ? Time * 1000 : undefined) };
}

function missing(name: string): { ErrorCode: string; ErrorMessage: string } {
  const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
  return { ErrorCode: 'InvalidArgument', ErrorMessage };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
