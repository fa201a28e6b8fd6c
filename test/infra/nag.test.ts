import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { withStack } from './fixture.ts';
import { plan, RECOMMENDED } from './plan.ts';

/** What the AWS Solutions rules find and we keep, with the reason. Permissions on '*' alone are in permissions.test.ts. */
const KEPT: readonly (readonly [rule: RegExp, reason: string])[] = [
  [/^AwsSolutions-S1$/, 'a server access log needs a second bucket; CloudTrail data events tell more'],
  [
    /^AwsSolutions-SQS3$/,
    'the queue is itself where undelivered events end; an alarm tells of the first one',
  ],
  [/^AwsSolutions-IAM5\[Resource::\*\]$/, 'each action is listed with its reason in permissions.test.ts'],
  [
    /^AwsSolutions-IAM5\[Resource::.*:ecs:.*\/demo\/(shop\/)?\*\]$/,
    'what the plans’ services and clusters hold',
  ],
  [
    /^AwsSolutions-IAM5\[Resource::.*:task-definition\/\*-known-bad:\*\]$/,
    'families that only drills register',
  ],
  [
    /^AwsSolutions-IAM5\[Resource::.*:role\/\*\]$/,
    'task roles are found when a drill runs; passed to tasks only',
  ],
  [
    /^AwsSolutions-IAM5\[Resource::.*:ecr:\*:.*:repository\/\*\]$/,
    'what runs, and so where its image lies, is found when a drill runs; images are described only',
  ],
  [/^AwsSolutions-IAM5\[Resource::.*:schedule\/default\/rollback-drill-\*\]$/, 'one schedule for each drill'],
  [/^AwsSolutions-IAM5\[Resource::.*:execution:RollbackDrills-drill:\*\]$/, 'one execution for each drill'],
  [/^AwsSolutions-IAM5\[Resource::<StartDrill\w+\.Arn>:\*\]$/, 'versions of the one function'],
  [/^AwsSolutions-IAM5\[Resource::<Receipts\w+\.Arn>\/(receipts|series)\/\*\]$/, 'one object for each drill'],
];

describe('the AWS Solutions rules', () => {
  const alarmed = { observedBy: 'alarm', condition: 'shop-p99', action: 'roll-back', budget: '5m' };
  const complete = plan({
    schedule: { expression: 'cron(0 9 ? * TUE *)' },
    recommendedAlarms: RECOMMENDED,
    triggers: [{ name: 'slow', ...alarmed }],
    detectWithin: '7m',
  });
  const found = withStack([complete], ({ node }) => {
    const app = node.root as App;
    return new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  });

  test('find nothing that is not kept for a reason', () => {
    expect(found.filter((rule) => !KEPT.some(([kept]) => kept.test(rule)))).toEqual([]);
  });

  test('would find everything that is kept: no reason is left over', () => {
    expect(KEPT.filter(([kept]) => !found.some((rule) => kept.test(rule)))).toEqual([]);
  });
});
