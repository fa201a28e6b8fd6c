import { EXIT_CODES } from '../drill/outcome.ts';
import { json as inert } from '../report/json.ts';
import { paintOn, safe } from '../report/text.ts';
import { type CliContext, EXIT } from './command.ts';

/** What became of a person's part in a drill. */
export interface Answer {
  readonly drill: string;
  readonly by: string;
  readonly kind: string;
  readonly reason: string;
}

/** Tells it as one JSON document or as one line, and answers the exit code: 21 when it was refused. */
export function tellAnswer({ out, err }: CliContext, answer: Answer, json: boolean): number {
  const isRefused = answer.kind === 'refused';
  if (json) out.write(inert(answer));
  else {
    const stream = isRefused ? err : out;
    const kind = paintOn(stream)(isRefused ? 'red' : 'green', answer.kind);
    stream.write(`${kind}: ${safe(answer.reason, 2_000)}\n`);
  }
  return isRefused ? EXIT_CODES.refused : EXIT.ok;
}
