import { bad, type Release } from '../release.ts';

const MEGABYTE = 1_048_576;
/** What its container would allow on top of what a healthy task needs. */
const LIMIT_BYTES = 64 * MEGABYTE;
const REQUEST_BYTES = MEGABYTE / 8;
const STEP_MS = 125;

const held: Buffer[] = [];
let heldBytes = 0;

/** Bad: never forgets a request, nor the time that passes. After some seconds it is killed as a container over its memory limit is. */
export const release: Release = {
  ...bad,
  boot() {
    setInterval(() => hold(MEGABYTE), STEP_MS);
  },
  asked: () => hold(REQUEST_BYTES),
};

/** Written to, so that the memory is really taken. */
function hold(bytes: number): void {
  held.push(Buffer.alloc(bytes, 1));
  heldBytes += bytes;
  if (heldBytes > LIMIT_BYTES) process.kill(process.pid, 'SIGKILL');
}
