/** What has failed of a pipeline execution; `null` stands for any. */
export interface PipelineFailureCondition {
  readonly kind: 'pipeline-failed';
  readonly stage: string | null;
  readonly action: string | null;
}

const FORM = /^(?:execution|stage ([\w.@-]{1,100})|action ([\w.@-]{1,100})\/([\w.@-]{1,100})) failed$/;

/** Reads `stage Smoke failed`, `action Smoke/test failed` or `execution failed`; `undefined` when the text has another form. */
export function readPipelineFailure(text: string): PipelineFailureCondition | undefined {
  const found = FORM.exec(text);
  if (!found) return undefined;
  const [, stage, stageOfAction, action] = found;
  return { kind: 'pipeline-failed', stage: stage ?? stageOfAction ?? null, action: action ?? null };
}

/** Without such a trigger, what happens to a single action tells nothing that its stage does not tell. */
export function namesAction({
  condition,
}: {
  readonly condition: { readonly kind: string; readonly action?: string | null };
}): boolean {
  return condition.kind === 'pipeline-failed' && typeof condition.action === 'string';
}

export function pipelineFailureText({ stage, action }: PipelineFailureCondition): string {
  if (stage === null) return 'execution failed';
  return action === null ? `stage ${stage} failed` : `action ${stage}/${action} failed`;
}
