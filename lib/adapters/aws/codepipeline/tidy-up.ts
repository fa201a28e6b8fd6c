import type { TargetContext } from '../../../ports/target.ts';
import { isUnderWay } from './checks.ts';
import { findKnownBad } from './deploy.ts';
import { executionOf } from './read.ts';
import { capturedPipelineOf } from './service.ts';
import { stop, stopCommand, untilOver } from './stop.ts';
import type { Pipeline } from './target.ts';
import { enableCommand, putBack } from './transitions.ts';

/** A known-bad execution that waits before a disabled transition would flow on: it is stopped before they are put back. */
export async function tidyUp(
  pipeline: Pipeline,
  { captured, knownBad, deployed }: TargetContext,
): Promise<void> {
  const { transitions } = capturedPipelineOf(captured);
  const id = deployed?.deployment ?? (await findKnownBad(pipeline, captured, knownBad))?.deployed.deployment;
  if (id && isUnderWay((await executionOf(pipeline, id)).status)) {
    await stop(pipeline, id);
    if (!(await untilOver(pipeline, id))) {
      const then = transitions
        .filter(({ enabled }) => enabled)
        .map(({ stage }) => enableCommand(pipeline, stage));
      throw new Error(
        `execution ${id} of the known-bad release was told to stop and is still under way, so that the transitions are left as they are. Do it by hand: ${[stopCommand(pipeline, id), ...then].join(' && ')}`,
      );
    }
  }
  await putBack(pipeline, transitions);
}
