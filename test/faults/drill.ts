import type { Receipt } from '../../lib/drill/seal.ts';
import { drillDirectory, drillJson } from '../e2e/fixtures/drill.ts';
import type { Expected, ExpectedFault } from './expected.ts';

/** What a whole drill of plans/shop-ecs.yaml with this fault came to, in the words of what was expected. */
export async function drillWith(fault: ExpectedFault): Promise<{ found: Expected; receipt: Receipt }> {
  const directory = drillDirectory();
  try {
    const plan = 'plans/shop-ecs.yaml';
    const { exitCode, receipt } = await drillJson(directory.path, 'run', plan, '--fault', fault);
    const wrong = receipt.validations.flatMap(({ name, verdict }) =>
      verdict === 'passed' ? [] : [[name, verdict] as const],
    );
    const validations = Object.fromEntries(wrong);
    return { found: { exitCode: exitCode ?? -1, outcome: receipt.outcome, validations }, receipt };
  } finally {
    directory.remove();
  }
}
