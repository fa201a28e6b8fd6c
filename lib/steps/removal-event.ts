import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));

/**
 * What CloudFormation asks a custom resource, as far as it is used.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export const RemovalEvent = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  RequestId: text,
  StackId: text,
  LogicalResourceId: text,
  PhysicalResourceId: v.optional(text, 'removal-guard'),
  /** Signed: whoever has it can answer. */
  ResponseURL: v.pipe(v.string(), v.url()),
  ResourceProperties: v.object({ OwnsSafetySwitch: v.picklist(['true', 'false']) }),
});

export type RemovalEvent = v.InferOutput<typeof RemovalEvent>;

/** `arn:aws:cloudformation:R:A:stack/NAME/ID` → `stack/NAME`. */
export function stackOf({ StackId }: Pick<RemovalEvent, 'StackId'>): string {
  return `stack/${StackId.split('/')[1] ?? StackId}`;
}
