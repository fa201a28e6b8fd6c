import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Undo } from '../../../drill/plan/plan.ts';
import type { Migrations, UndoRun } from '../../../ports/target.ts';
import type { MigrationClients } from './migrations.ts';
import { unlessRefused } from './refused.ts';
import { word } from './shell.ts';

type ByFunction = Extract<Undo, { kind: 'lambda' }>;

const LONGEST_ERROR = 300;

/**
 * Invokes the function and waits for its answer; nothing else of the answer is told but an error. What it is told is the
 * same however often it is invoked for this rollback: the function does its work once.
 */
export async function undoByFunction(
  { lambda, clock }: Pick<MigrationClients, 'lambda' | 'clock'>,
  { functionName, payload }: ByFunction,
  run: UndoRun,
  abortSignal: AbortSignal,
): ReturnType<Migrations['undo']> {
  const began = clock.now();
  const invoke = new InvokeCommand({
    FunctionName: functionName,
    Payload: Buffer.from(eventOf(payload, run)),
  });
  const answer = await lambda.send(invoke, { abortSignal }).catch(unlessRefused);
  if ('refused' in answer)
    return { result: 'failed', reason: `Lambda did not invoke ${functionName}: ${answer.refused}` };
  const after = `after ${clock.now() - began} ms`;
  if (answer.FunctionError)
    return { result: 'failed', reason: `${functionName} broke ${after}: ${errorIn(answer.Payload)}` };
  return { result: 'undone', reason: `${functionName} answered ${after}` };
}

export function functionCommand({ functionName, payload }: ByFunction, run: UndoRun): string {
  const event = word(eventOf(payload, run));
  return `aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload ${event} undo-migration.json`;
}

function eventOf(payload: ByFunction['payload'], { drillId, round }: UndoRun): string {
  return JSON.stringify({ ...payload, drillId, round, reason: 'rollback-drill' });
}

/** `{errorType, errorMessage}`, as Lambda tells what a function threw. */
function errorIn(payload: Uint8Array = new Uint8Array()): string {
  const text = Buffer.from(payload).toString();
  try {
    const { errorType = 'Error', errorMessage = '' } = JSON.parse(text) as Record<string, unknown>;
    return `${errorType}: ${errorMessage}`.replaceAll(/\s+/g, ' ').slice(0, LONGEST_ERROR);
  } catch {
    return 'it told no reason';
  }
}
