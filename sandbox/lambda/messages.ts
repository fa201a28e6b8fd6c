/** What the service and the runtime inside an execution environment say to each other over their IPC channel. */

export interface Request {
  readonly requestId: string;
  /** The event as JSON text: it is parsed inside the environment only. */
  readonly event: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type RuntimeMessage =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'result'; readonly payload: string; readonly memoryMb: number }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly memoryMb: number }
  /** The process ends after this. */
  | { readonly kind: 'fatal'; readonly failure: Failure; readonly memoryMb: number };
