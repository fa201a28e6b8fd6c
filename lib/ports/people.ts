import type { Plan } from '../drill/plan/plan.ts';

export interface Announcer {
  announce(plan: Plan, subject: string, message: string): Promise<void>;
}

/** Who makes the calls of this process. */
export interface Caller {
  /** As AWS tells it. */
  arn(): Promise<string>;
}
