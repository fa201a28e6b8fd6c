import type { ServiceEvent } from '../aws/events.ts';
import type { ExecutionRecord } from './execution-store.ts';

/** EventBridge leaves input or output out when both together, as text in JSON, would be larger. */
const DATA_LIMIT_BYTES = 248 * 1024;

export function statusChange(record: ExecutionRecord): ServiceEvent {
  const { executionArn, stateMachineArn, name, status, startDate } = record;
  const output = fits(record.output) ? record.output : undefined;
  const input = fits(record.input, output) ? record.input : undefined;
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name,
      status,
      startDate,
      stopDate: record.stopDate ?? null,
      input: input ?? null,
      inputDetails: { included: input !== undefined },
      output: output ?? null,
      outputDetails: record.output === undefined ? null : { included: output !== undefined },
      error: record.error ?? null,
      cause: record.cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'The sandbox does not redrive executions',
    },
  };
}

function fits(...texts: readonly (string | undefined)[]): boolean {
  return Buffer.byteLength(JSON.stringify(texts)) <= DATA_LIMIT_BYTES;
}
