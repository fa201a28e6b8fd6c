import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Who hears of drills when a plan names no topic of its own. */
export function milestonesTopic(scope: Construct): Topic {
  return new Topic(scope, 'Milestones', { displayName: 'Rollback drills', enforceSSL: true });
}
