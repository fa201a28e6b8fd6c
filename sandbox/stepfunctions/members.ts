import { AwsError, type JsonObject } from '../aws/protocol.ts';

/** Throws `ValidationException` when the member is missing or not text. */
export function requiredText(input: JsonObject, member: string): string {
  const value = optionalText(input, member);
  if (value === undefined) throw invalid(`'${member}' failed to satisfy constraint: Member must not be null`);
  return value;
}

export function optionalText(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`'${member}' must be a string`);
  return value;
}

export function limitedText(input: JsonObject, member: string, limit: number): string | undefined {
  const value = optionalText(input, member);
  if (value !== undefined && value.length > limit)
    throw invalid(`'${member}' must have length less than or equal to ${limit}`);
  return value;
}

/** An ARN of this kind. Throws `InvalidArn`, as for versions and aliases, which the sandbox does not have. */
export function requiredArn(input: JsonObject, member: string, kind: 'stateMachine' | 'execution'): string {
  const arn = requiredText(input, member);
  const parts = kind === 'stateMachine' ? 7 : 8;
  if (!arn.startsWith('arn:aws:states:') || arn.split(':')[5] !== kind || arn.split(':').length !== parts)
    throw new AwsError('InvalidArn', `Invalid Arn: '${arn}' is not the ARN of a ${kind}`);
  return arn;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${message}`);
}
