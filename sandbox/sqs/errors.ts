import { AwsError, type HttpResponse } from '../aws/protocol.ts';

/** Statuses of errors, where not 400. */
const STATUS: Readonly<Record<string, number>> = {
  OverLimit: 403,
  PurgeQueueInProgress: 403,
  ReceiptHandleIsInvalid: 404,
};

/** Names from before SQS spoke JSON, where they differ. Clients read them from a header, and prefer them. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
};
const PREFIXED = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

export function sqsError(code: string, message: string): AwsError {
  return new AwsError(code, message, { statusCode: STATUS[code] ?? 400 });
}

export function invalidValue(parameter: string, reason: string): AwsError {
  return sqsError(INVALID_VALUE, `The value for the parameter ${parameter} is invalid. Reason: ${reason}.`);
}

export const INVALID_VALUE = 'InvalidParameterValue';

export function queryCodeOf(code: string): string {
  return QUERY_CODES[code] ?? (PREFIXED.has(code) ? `AWS.SimpleQueueService.${code}` : code);
}

/** An error with the header that says its older name. */
export function withQueryError(response: HttpResponse): HttpResponse {
  const code = response.headers?.['x-amzn-errortype'];
  if (code === undefined) return response;
  const fault = response.status < 500 ? 'Sender' : 'Receiver';
  return {
    ...response,
    headers: { ...response.headers, 'x-amzn-query-error': `${queryCodeOf(code)};${fault}` },
  };
}
