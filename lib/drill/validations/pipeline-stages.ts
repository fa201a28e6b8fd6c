import type { Gap } from '../gap.ts';
import { type Findings, right, together, unproven, wrong } from './verdict.ts';

/** A stage from the deploy stage on, as its pipeline shows it. */
export interface StageFound {
  readonly name: string;
  readonly place: 'deploy' | 'tests' | 'behind';
  /** What entered it last; `null` when nothing has. */
  readonly latest: StageExecution | null;
  /** What waits to enter it. */
  readonly waiting: StageExecution | null;
}

export interface StageExecution {
  readonly execution: string;
  /** In the words of CodePipeline, like `InProgress`. */
  readonly status: string;
}

const UNDER_WAY = 'InProgress';
const STOPPING = 'Stopping';

/** No stage may still release the known-bad execution, and no stage behind the test may have let it in. */
export function pipelineStages(stages: readonly StageFound[], knownBad: string): Findings {
  if (stages.length === 0) return unproven('the stages of the pipeline are not told');
  const found = together(stages.map((stage) => ofStage(stage, knownBad)));
  if (found.wrong.length + found.unproven.length > 0) return found;
  return right(`${stages.length} of ${stages.length} stages are off execution ${knownBad}`);
}

/** A deploy stage that was passed by on the way back takes the known-bad release for its last good one. */
export function gapsOfStages(stages: readonly StageFound[], knownBad: string): readonly Gap[] {
  return stages.flatMap(({ name, place, latest }) => {
    if (place !== 'deploy' || latest?.execution !== knownBad || latest.status !== 'Succeeded') return [];
    const message =
      'the pipeline takes the known-bad release for its last good one: its next automatic rollback goes there; release once through the pipeline';
    const evidence = `stage ${name}: execution ${knownBad} ${latest.status}`;
    return [{ code: 'pipeline-on-known-bad', severity: 'warning', message, evidence }];
  });
}

/** One line of evidence. */
export function stageText({ name, latest, waiting }: StageFound): string {
  const found = latest ? `execution ${latest.execution} ${latest.status}` : 'nothing has entered it';
  return `stage ${name}: ${found}${waiting ? `; execution ${waiting.execution} waits to enter it` : ''}`;
}

function ofStage({ name, place, latest, waiting }: StageFound, knownBad: string): Findings {
  return together([
    latest?.execution === knownBad ? entered(name, place, latest) : right(name),
    waiting?.execution === knownBad ? waits(name, waiting) : right(name),
  ]);
}

function entered(name: string, place: StageFound['place'], { execution, status }: StageExecution): Findings {
  const found = `stage ${name} is run by the known-bad execution ${execution}: ${status}`;
  if (status === UNDER_WAY) return wrong(found);
  if (status === STOPPING) return unproven(found);
  if (place === 'behind')
    return wrong(`stage ${name} was entered by the known-bad execution ${execution}: ${status}`);
  return right(name);
}

/** One that was stopped enters nothing. */
function waits(name: string, { execution, status }: StageExecution): Findings {
  const found = `the known-bad execution ${execution} waits to enter stage ${name}: ${status}`;
  if (status === UNDER_WAY) return wrong(found);
  return status === STOPPING ? unproven(found) : right(name);
}
