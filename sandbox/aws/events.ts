/** An event as EventBridge delivers it to a target. `time` has whole seconds, as on AWS. */
export interface AwsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a service says when something happened; EventBridge fills in the rest. */
export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export type Emit = (event: ServiceEvent) => void;

/** Delivers a payload to whatever the ARN names (a function, a state machine, a topic). Rejects when it could not. */
export type Deliver = (targetArn: string, payload: unknown) => Promise<void>;
