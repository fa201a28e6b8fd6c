/** What a schedule's input can refer to as `<aws.scheduler.…>`. */
export interface InvocationContext {
  readonly scheduleArn: string;
  readonly scheduledMs: number;
  readonly executionId: string;
  readonly attempt: number;
}

export function withContext(input: string, context: InvocationContext): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', () => context.scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', () => wholeSeconds(context.scheduledMs))
    .replaceAll('<aws.scheduler.execution-id>', () => context.executionId)
    .replaceAll('<aws.scheduler.attempt-number>', () => String(context.attempt));
}

export function wholeSeconds(instantMs: number): string {
  return new Date(instantMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
