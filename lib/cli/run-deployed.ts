import { systemClock } from '../adapters/clock.ts';
import { digestOf } from '../drill/digest.ts';
import { EXIT_CODES } from '../drill/outcome.ts';
import type { Plan } from '../drill/plan/plan.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Clock } from '../ports/clock.ts';
import { json as inert } from '../report/json.ts';
import { safe } from '../report/text.ts';
import type { DrillNow } from '../steps/answers/drill.ts';
import { type CliContext, EXIT, UsageError } from './command.ts';
import { type Answered, type DeployedApi, problemIn } from './deployed-api.ts';
import { onSignals } from './interrupt.ts';
import { type ProgressLines, progressLines } from './progress-lines.ts';
import { summary } from './summary.ts';

/** Everything that waits for AWS. */
interface Afar {
  readonly api: DeployedApi;
  readonly clock: Clock;
}

export interface DeployedRun {
  readonly plan: Plan;
  readonly knownBad: string | undefined;
  readonly json: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** An execution that was just started opens its drill within this time. */
const OPENED_WITHIN_MS = 60_000;
/** For so long the API may be unreachable while a drill is followed. */
const PATIENCE_MS = 3 * 60_000;
/** Longer than any drill: its state machine ends before. */
const LIMIT_MS = 26 * 3_600_000;

/** One drill of the deployed stack, started and followed through its API; answers the exit code of its outcome. */
export async function runDeployed(
  context: CliContext,
  api: DeployedApi,
  run: DeployedRun,
  clock: Clock = systemClock,
): Promise<number> {
  const { out, err } = context;
  const afar = { api, clock };
  const drillId = await start(api, run);
  const progress = progressLines(run.json ? err : out, clock.now());
  err.write(`Drill ${drillId} is started on AWS; Ctrl-C aborts it.\n`);
  const stopListening = onSignals(err, {
    ask: (signal) => abort(afar, drillId, signal),
    left: `Drill ${drillId} goes on: its abort was asked for, and the watchdog restores the target whatever happens.`,
  });
  const record = await follow(afar, drillId, progress, noteOf(err, run.plan)).finally(stopListening);
  out.write(run.json ? inert(record) : `\n${summary(record, out)}\n`);
  return EXIT_CODES[record.outcome];
}

/** The key makes sure that a start whose answer was lost is not repeated as another drill. */
async function start(api: DeployedApi, { plan, knownBad }: DeployedRun): Promise<string> {
  const key = { 'idempotency-key': crypto.randomUUID() };
  const request = { plan: plan.name, ...(knownBad === undefined ? {} : { knownBad }) };
  const post = (): Promise<Answered> => api.post('/drills', request, key);
  const first = await post().catch(() => null);
  const answer = first === null || first.status >= 500 ? await post().catch(unreachable) : first;
  if (answer.status !== 202) throw problemIn(answer, 'POST /drills');
  return (answer.body as { drill: string }).drill;
}

function unreachable({ name, message, cause }: Error): never {
  const why = cause instanceof Error ? cause.message : message;
  throw new UsageError(
    `The API could not be asked to start a drill: ${name}: ${safe(why, 500)}. It needs an --api URL that answers, AWS credentials, and AWS_REGION.`,
    EXIT.fault,
  );
}

async function abort({ api, clock }: Afar, drillId: string, signal: string): Promise<void> {
  const deadline = clock.now() + OPENED_WITHIN_MS;
  for (;;) {
    const answer = await api.post(`/drills/${drillId}/abort`, { reason: `interrupted (${signal})` });
    if (answer.status === 202) return;
    if (answer.status !== 404 || clock.now() > deadline) throw problemIn(answer, 'the abort');
    await clock.sleep(LOOK_EVERY_MS);
  }
}

async function follow(
  { api, clock }: Afar,
  drillId: string,
  progress: ProgressLines,
  note: (now: DrillNow) => void,
): Promise<Receipt | DrillRecord> {
  const startedAt = clock.now();
  let heardAt = startedAt;
  let isOpen = false;
  for (;;) {
    const answer = await api.get(`/drills/${drillId}`).catch((error: Error) => error);
    const now = clock.now();
    if (!(answer instanceof Error) && answer.status === 200) {
      const drill = answer.body as DrillNow;
      [heardAt, isOpen] = [now, true];
      note(drill);
      progress.show(drill, now);
      if (drill.outcome !== null) return receiptOf(api, drillId);
    } else checkSilence(answer, { isOpen, silentMs: now - heardAt, drillId });
    if (now - startedAt > LIMIT_MS) throw lost(drillId, `it was not over after ${LIMIT_MS} ms`);
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function checkSilence(
  answer: Answered | Error,
  { isOpen, silentMs, drillId }: { isOpen: boolean; silentMs: number; drillId: string },
): void {
  if (!(answer instanceof Error) && answer.status === 404 && !isOpen) {
    if (silentMs < OPENED_WITHIN_MS) return;
    const remedy = 'look at the execution of that name in the Step Functions console';
    throw lost(drillId, `it was not opened within ${OPENED_WITHIN_MS} ms; ${remedy}`);
  }
  const isPassing = answer instanceof Error || answer.status === 429 || answer.status >= 500;
  if (isPassing && silentMs < PATIENCE_MS) return;
  throw answer instanceof Error ? lost(drillId, answer.message) : problemIn(answer, `GET /drills/${drillId}`);
}

function lost(drillId: string, reason: string): UsageError {
  return new UsageError(
    `Drill ${drillId} is followed no longer, and goes on by itself: ${reason}.`,
    EXIT.fault,
  );
}

async function receiptOf(api: DeployedApi, drillId: string): Promise<Receipt | DrillRecord> {
  const path = `/drills/${drillId}/receipt`;
  const answer = await api.get(path).catch(() => api.get(path));
  if (answer.status !== 200) throw problemIn(answer, `GET ${path}`);
  return answer.body as Receipt | DrillRecord;
}

/** What runs is what was deployed, whatever the file says by now. */
function noteOf(err: NodeJS.WriteStream, plan: Plan): (now: DrillNow) => void {
  let isNoted = false;
  return ({ plan: { name, digest } }) => {
    if (isNoted) return;
    isNoted = true;
    if (digest !== digestOf(plan))
      err.write(
        `The deployed plan ${safe(name)} is another one than the file: what was deployed is what runs.\n`,
      );
  };
}
