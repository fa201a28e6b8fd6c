import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { StateError } from './errors.ts';
import { invalid, limitedText, requiredText } from './members.ts';
import { PAYLOAD_LIMIT_BYTES } from './payload.ts';
import type { Tokens } from './tokens.ts';

/** The state resumes before the caller has its answer; each token works once. */
export function taskOperations(tokens: Tokens): Readonly<Record<string, Operation>> {
  return {
    SendTaskSuccess(input) {
      const output = outputOf(input);
      tokens.succeed(requiredText(input, 'taskToken'), output);
      return {};
    },
    SendTaskFailure(input) {
      const error = limitedText(input, 'error', 256);
      const cause = limitedText(input, 'cause', 32_768);
      tokens.fail(requiredText(input, 'taskToken'), new StateError(error, cause));
      return {};
    },
    SendTaskHeartbeat(input) {
      tokens.beat(requiredText(input, 'taskToken'));
      return {};
    },
  };
}

function outputOf(input: JsonObject): unknown {
  const output = requiredText(input, 'output');
  if (Buffer.byteLength(output) > PAYLOAD_LIMIT_BYTES)
    throw invalid(`'output' must have length less than or equal to ${PAYLOAD_LIMIT_BYTES}`);
  try {
    return JSON.parse(output);
  } catch {
    throw new AwsError('InvalidOutput', "Invalid Output: 'The output is not valid JSON'");
  }
}
