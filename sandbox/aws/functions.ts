/** What an invocation of a Lambda function came to: its result, or the error that it ended with. */
export type Invocation =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'function-error'; readonly errorType: string; readonly errorMessage: string };

/** Invokes a function by name or ARN. Throws `AwsError` (`ResourceNotFoundException`, `TooManyRequestsException`) when it could not run. */
export type InvokeFunction = (functionName: string, payload: unknown) => Promise<Invocation>;
