const tally = { passed: 0, failed: 0 };

/** Tells whether it holds, and goes on in any case. */
export async function check(title: string, holds: () => void | Promise<void>): Promise<void> {
  try {
    await holds();
    tally.passed++;
    console.log(`ok    ${title}`);
  } catch (error) {
    failed(`${title}\n${(error as Error).message}`);
  }
}

export function say(text: string): void {
  console.log(indented(text));
}

export function failed(text: string): void {
  tally.failed++;
  console.log(`FAIL  ${indented(text).trimStart()}`);
}

export function counted(): Readonly<typeof tally> {
  return tally;
}

function indented(text: string): string {
  return `      ${text.replaceAll('\n', '\n      ')}`;
}
