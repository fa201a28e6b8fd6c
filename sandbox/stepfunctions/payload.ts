import { StateError } from './errors.ts';

/** Of every input, output, result and variable, in bytes of JSON. */
export const PAYLOAD_LIMIT_BYTES = 256 * 1024;

/** JSON with its text, so that it is written once for the history, the record and the size limit. */
export interface Payload {
  readonly value: unknown;
  readonly text: string;
}

/** What JSON cannot carry is gone from the value afterwards, as on a wire. Throws `States.DataLimitExceeded`. */
export function payloadOf(value: unknown, what: string): Payload {
  const text = JSON.stringify(value) ?? 'null';
  if (byteLength(text) > PAYLOAD_LIMIT_BYTES)
    throw new StateError(
      'States.DataLimitExceeded',
      `${what} exceeds the maximum number of bytes service limit: ${byteLength(text)} > ${PAYLOAD_LIMIT_BYTES}.`,
    );
  return { value: JSON.parse(text), text };
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
