const LONGEST_WAIT_MS = 5_000;

/** Looks every two milliseconds. Throws when it has not come to pass within five seconds. */
export async function until(check: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Waited ${LONGEST_WAIT_MS} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
