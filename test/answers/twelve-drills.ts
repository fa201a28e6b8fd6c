import { drill, drillJson, noTriggers, planFile } from '../e2e/fixtures/drill.ts';

interface Came {
  readonly id: string;
  readonly outcome: string;
}

/** One way in which a drill ends; `run` answers the document that the command line told of it. */
interface Mixed {
  readonly outcome: string;
  readonly run: (directory: string) => Promise<Came>;
}

/** Those that have a sandbox of their own, because something goes wrong in it; the first finds everything cold. */
export const ALONE: readonly Mixed[] = [
  { outcome: 'passed', run: (at) => told(at, planFile(at), '--as', 'ana') },
  { outcome: 'rescued', run: (at) => told(at, planFile(at), '--fault', 'stop-deployment-denied') },
  { outcome: 'rescued', run: (at) => told(at, planFile(at), '--fault', 'stop-deployment-denied') },
];

/** Those that share a sandbox that is up. */
export const IN_TURN: readonly Mixed[] = [
  { outcome: 'failed', run: undetected },
  { outcome: 'passed', run: (at) => told(at, planFile(at), '--as', 'bob') },
  { outcome: 'refused', run: whileSwitchedOff },
  { outcome: 'aborted', run: abortedMidway },
  { outcome: 'passed', run: (at) => told(at, planFile(at), '--known-bad', 'boot-crash') },
  { outcome: 'failed', run: notWhole },
  { outcome: 'aborted', run: abortedBeforeAnything },
  { outcome: 'refused', run: whileSwitchedOff },
  { outcome: 'passed', run: (at) => told(at, planFile(at), '--as', 'ana') },
];

async function told(directory: string, plan: string, ...more: readonly string[]): Promise<Came> {
  return (await drillJson(directory, 'run', plan, ...more)).receipt;
}

/** Nobody but a person would notice, and nobody reports it. */
function undetected(directory: string): Promise<Came> {
  const plan = planFile(directory, () => ({ detectWithin: '5s' }));
  return told(directory, plan, '--known-bad', 'quiet-bug');
}

/** Whole but for an answer that the shop never gives. */
function notWhole(directory: string): Promise<Came> {
  const url = `\${SHOP_URL:-http://127.0.0.1:8080}/catalogue`;
  const steps = [{ name: 'brew', url, expect: { status: 418 } }];
  const never = { name: 'teapot', kind: 'synthetic-transaction', steps };
  return told(
    directory,
    planFile(directory, ({ validations }) => ({ validations: [...validations, never] })),
  );
}

async function whileSwitchedOff(directory: string): Promise<Came> {
  await drill(directory, 'safety-switch', 'on', '--reason', 'an incident').ended;
  try {
    return await told(directory, planFile(directory));
  } finally {
    await drill(directory, 'safety-switch', 'off').ended;
  }
}

async function abortedMidway(directory: string): Promise<Came> {
  const running = drill(directory, 'run', planFile(directory, noTriggers), '--json');
  await running.until(/badServing/);
  await drill(directory, 'abort', '--as', 'carol', '--reason', 'enough seen').ended;
  return JSON.parse((await running.ended).stdout);
}

async function abortedBeforeAnything(directory: string): Promise<Came> {
  const approvals = { guardrails: { approvals: { people: 1, within: '60s' } } };
  const running = drill(
    directory,
    'run',
    planFile(directory, () => approvals),
    '--json',
  );
  await running.until(/drill approve/);
  await drill(directory, 'abort', '--as', 'carol', '--reason', 'not today').ended;
  return JSON.parse((await running.ended).stdout);
}
