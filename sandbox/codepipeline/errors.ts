import { AwsError } from '../aws/protocol.ts';

export const VALIDATION = 'ValidationException';

export function invalid(message: string): AwsError {
  return new AwsError(VALIDATION, message);
}

export function pipelineNotFound(name: string): AwsError {
  return new AwsError(
    'PipelineNotFoundException',
    `The account does not have a pipeline with the name '${name}'.`,
  );
}

export function stageNotFound(pipelineName: string, stageName: string): AwsError {
  return new AwsError(
    'StageNotFoundException',
    `The pipeline '${pipelineName}' does not have a stage '${stageName}'.`,
  );
}

export function executionNotFound(pipelineName: string, id: string): AwsError {
  return new AwsError(
    'PipelineExecutionNotFoundException',
    `The pipeline '${pipelineName}' does not have an execution '${id}'.`,
  );
}

export function unableToRollBack(stageName: string, why: string): AwsError {
  return new AwsError(
    'UnableToRollbackStageException',
    `The stage '${stageName}' cannot be rolled back: ${why}`,
  );
}

export function notRetryable(stageName: string, why: string): AwsError {
  return new AwsError('StageNotRetryableException', `The stage '${stageName}' cannot be retried: ${why}`);
}
