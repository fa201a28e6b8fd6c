import type { Receipt } from '../../lib/drill/seal.ts';
import { drillDirectory, drillJson } from '../e2e/fixtures/drill.ts';
import { EXPECTED, type Expected, type ExpectedFault } from './expected.ts';

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
    const found = { exitCode: exitCode ?? -1, outcome: receipt.outcome, validations };
    const strays = receipt.probes.summary?.strays?.filter(({ instance }) => instance !== null) ?? [];
    return { found: 'strays' in EXPECTED[fault] ? { ...found, strays: strays.length } : found, receipt };
  } finally {
    directory.remove();
  }
}
