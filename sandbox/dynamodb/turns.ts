import { AwsError } from '../aws/protocol.ts';

/** Runs one piece of work after the other, in the order in which they came. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

const WAITING_LIMIT = 10_000;

export function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= WAITING_LIMIT) {
      const message = `More than ${WAITING_LIMIT} writes are waiting. Retry later.`;
      throw new AwsError('ThrottlingException', message);
    }
    waiting += 1;
    const result = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = result.catch(() => undefined);
    return result;
  };
}
