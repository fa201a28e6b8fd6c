import { AwsError } from '../aws/protocol.ts';

export const INVALID_PARAMETER = 'InvalidParameterException';

export function invalidParameter(message: string): AwsError {
  return new AwsError(INVALID_PARAMETER, message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function notFound(what = 'secret'): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}.`);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message);
}
