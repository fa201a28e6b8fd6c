import type { Clock } from '../../ports/clock.ts';
import { exchange } from './request.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface StackAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  /** Shown to whoever changes the stack. */
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** The whole answer may have 4,096 bytes. */
const LONGEST_REASON = 1_000;
const TIMEOUT_MS = 10_000;

/**
 * Answers CloudFormation at the address that it has signed, for a request without a content type. Throws when it does not
 * take the answer: Lambda repeats the invocation then. The address never appears in an error.
 */
export async function answerStack(url: string, answer: StackAnswer, clock: Clock): Promise<void> {
  const body = JSON.stringify({ ...answer, Reason: answer.Reason.slice(0, LONGEST_REASON) });
  const answered = await exchange(
    { method: 'PUT', url, headers: {}, body },
    { clock, timeoutMs: TIMEOUT_MS, bodyLimitBytes: 1_024, signal: new AbortController().signal },
  );
  if (answered.kind === 'no-answer')
    throw new Error(`CloudFormation did not take the answer: ${answered.failure.reason}`);
  if (answered.status >= 300) throw new Error(`CloudFormation refused the answer with ${answered.status}`);
}
