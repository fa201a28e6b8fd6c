/** AWS had no time for the call: nothing was done, and a later try may succeed. Services name it in many ways. */
export function isThrottled({
  name,
  $metadata,
}: Error & { readonly $metadata?: { readonly httpStatusCode?: number } }): boolean {
  return $metadata?.httpStatusCode === 429 || NAMES.test(name);
}

const NAMES = /throttl|too ?many ?requests|limit ?exceeded|throughput ?exceeded|slow ?down/i;
