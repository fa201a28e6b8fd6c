import * as v from 'valibot';
import { listOf, members, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { INVALID_VALUE, queryCodeOf, sqsError } from './errors.ts';

const MOST_ENTRIES = 10;
const ID = /^[\w-]{1,80}$/;
const LOOSE = 10_000;

const batchInput = members({
  QueueUrl: text,
  Entries: v.optional(listOf(v.looseObject({ Id: text }), LOOSE), []),
});

/** The same operation for each of up to ten entries; one that fails does not hinder the others. */
export function inBatches(
  operation: Operation,
  checkAll: (entries: readonly JsonObject[]) => void = () => {},
): Operation {
  return async (input) => {
    const { QueueUrl, Entries } = read(batchInput, input, INVALID_VALUE);
    checkIds(Entries.map(({ Id }) => Id));
    checkAll(Entries);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, ...entry } of Entries)
      try {
        Successful.push({ Id, ...(await operation({ QueueUrl, ...entry })) });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
        Failed.push({ Id, SenderFault: true, Code: queryCodeOf(error.code), Message: error.message });
      }
    return { Successful, ...(Failed.length > 0 && { Failed }) };
  };
}

function checkIds(ids: readonly string[]): void {
  if (ids.length === 0)
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (ids.length > MOST_ENTRIES)
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${ids.length}.`,
    );
  if (ids.some((id) => !ID.test(id)))
    throw sqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw sqsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
}
