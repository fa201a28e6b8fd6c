import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { COMPLETE_PLANS } from './complete-plans.ts';
import { actionsOf, statementsOf, templateOf } from './fixture.ts';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const resources = Object.values(templateOf(COMPLETE_PLANS).toJSON().Resources as Record<string, Resource>);

describe('removing the stack', () => {
  test('takes nothing away before it is known that no drill is open', () => {
    const all = templateOf(COMPLETE_PLANS).toJSON().Resources as Record<string, Resource>;
    const guards = Object.entries(all).filter(
      ([, { Type }]) => Type === 'Custom::RollbackDrillsRemovalGuard',
    );
    expect(guards).toHaveLength(1);
    const [[id, { DependsOn = [], Properties }] = ['', {} as Resource]] = guards;
    const others = Object.keys(all).filter((other) => other !== id);
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter((other) => !DependsOn.includes(other))).toEqual([]);
    expect(Properties).toMatchObject({ ServiceTimeout: '1200', OwnsSafetySwitch: 'true' });
  });

  test('turns no safety switch that other stacks look at', () => {
    const shared = templateOf(COMPLETE_PLANS, { safetySwitch: '/account/switch' });
    const [guard] = Object.values(shared.findResources('Custom::RollbackDrillsRemovalGuard'));
    expect(guard?.Properties).toMatchObject({ OwnsSafetySwitch: 'false' });
    const turners = (template: Template): readonly string[] =>
      Object.entries(statementsOf(template))
        .filter(([, list]) => list.flatMap(actionsOf).includes('ssm:PutParameter'))
        .map(([owner]) => owner);
    expect(turners(shared)).toEqual([]);
    expect(turners(templateOf(COMPLETE_PLANS))).toEqual(['GuardRemoval']);
  });

  test('leaves nothing behind but receipts and what they are numbered and chained by', () => {
    const kept = resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
    expect(kept.map(({ Type }) => Type).toSorted()).toEqual([
      'AWS::DynamoDB::GlobalTable',
      'AWS::S3::Bucket',
    ]);
  });

  test('and replacing something in it, loses neither of them', () => {
    for (const { Type, DeletionPolicy, UpdateReplacePolicy } of resources)
      expect(UpdateReplacePolicy ?? 'Delete', Type).toBe(DeletionPolicy ?? 'Delete');
  });

  test('leaves no log group that nobody has declared: every one is deleted with it', () => {
    const of = (type: string) => resources.filter(({ Type }) => Type === type);
    const groups = of('AWS::Logs::LogGroup');
    expect(groups.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(groups.map(() => 'Delete'));
    const writers = of('AWS::Lambda::Function').length + of('AWS::StepFunctions::StateMachine').length;
    expect(groups.length).toBe(writers + of('AWS::ApiGatewayV2::Stage').length);
  });

  test('leaves no schedule: those that drills make are in a group that goes with it', () => {
    const [group, ...others] = resources.filter(({ Type }) => Type === 'AWS::Scheduler::ScheduleGroup');
    expect(others).toEqual([]);
    expect([group?.DeletionPolicy, group?.Properties.Name]).toEqual(['Delete', 'RollbackDrills']);
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const named = functions.map(
      ({ Properties }) =>
        (Properties.Environment as { Variables: Record<string, string> }).Variables.SCHEDULE_GROUP,
    );
    expect([...new Set(named.filter(Boolean))]).toEqual(['RollbackDrills']);
  });
});
