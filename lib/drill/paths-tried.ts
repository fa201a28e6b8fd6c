import type { Entry } from './entry.ts';
import { entriesOf, lastOf } from './journal.ts';
import type { PathName, TriedPath } from './path.ts';
import type { PipelineExecution } from './release.ts';

/** The ways back of a drill, as its receipt tells them. */
export interface PathsTried {
  /** The rollback that restored the target. */
  readonly used: PathName | null;
  readonly tried: readonly PathOfReceipt[];
  /** Every way back by hand, as it was proven before the drill. Receipts of earlier versions do not tell. */
  readonly byHand?: readonly string[];
}

interface PathOfReceipt extends TriedPath {
  readonly applicable: boolean;
  /** The pipeline execution that the rollback was. */
  readonly execution?: PipelineExecution;
}

export function pathsTried(journal: readonly Entry[]): PathsTried {
  return {
    used: usedPath(journal),
    tried: entriesOf(journal, 'path').map(({ path, result, reason, execution }) => ({
      name: path,
      applicable: result !== 'not-applicable',
      result,
      reason,
      ...(execution ? { execution } : {}),
    })),
    byHand: lastOf(journal, 'captured')?.wayBack ?? [],
  };
}

/** The rollback that was started or adopted last, unless it failed. */
function usedPath(journal: readonly Entry[]): PathName | null {
  const last = entriesOf(journal, 'path').findLast((entry) => entry.result !== 'not-applicable');
  return last && last.result !== 'failed' ? last.path : null;
}
