import { AwsError } from '../aws/protocol.ts';

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** What cannot be given together. */
export function combination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message);
}
