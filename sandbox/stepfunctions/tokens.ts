import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../aws/protocol.ts';
import type { StateError } from './errors.ts';

/** A task that waits for its token. After `succeed` or `fail` the token is used up. */
export interface Waiting {
  succeed(output: unknown): void;
  fail(error: StateError): void;
  beat(): void;
}

export interface Tokens {
  issue(executionArn: string): string;
  /** Until this is called, the token is unknown to SendTask…; the result takes it back. */
  await(token: string, waiting: Waiting): () => void;
  succeed(token: string, output: unknown): void;
  fail(token: string, error: StateError): void;
  beat(token: string): void;
}

/** Throws `InvalidToken`, `TaskDoesNotExist` or `TaskTimedOut`, as SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat do. */
export function taskTokens(executionExists: (executionArn: string) => boolean): Tokens {
  const open = new Map<string, Waiting>();
  const waitingFor = (token: string): Waiting => {
    const waiting = open.get(token);
    if (waiting) return waiting;
    if (!executionExists(executionOf(token)))
      throw new AwsError('TaskDoesNotExist', "Task does not exist: 'The task does not exist'");
    throw new AwsError(
      'TaskTimedOut',
      "Task Timed Out: 'Provided task does not exist anymore or has completed'",
    );
  };
  const use = (token: string): Waiting => {
    const waiting = waitingFor(token);
    open.delete(token);
    return waiting;
  };
  return {
    issue(executionArn) {
      const body = `${randomUUID()} ${executionArn}`;
      return Buffer.from(`${checksum(body)} ${body}`).toString('base64');
    },
    await(token, waiting) {
      open.set(token, waiting);
      return () => open.delete(token);
    },
    succeed: (token, output) => use(token).succeed(output),
    fail: (token, error) => use(token).fail(error),
    beat: (token) => waitingFor(token).beat(),
  };
}

/** An execution's ARN is at most 256 characters, so a token stays well below AWS's limit of 1024. */
function executionOf(token: string): string {
  const [sum, id, ...arn] = Buffer.from(token, 'base64').toString().split(' ');
  if (sum !== checksum(`${id} ${arn.join(' ')}`))
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return arn.join(' ');
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
