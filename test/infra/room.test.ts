import { describe, expect, test } from 'vitest';
import type { DeployablePlan } from '../../lib/infra/plans.ts';
import { templateOf } from './fixture.ts';
import { plan, reference } from './plan.ts';

describe('the room in one stack', () => {
  test('is not left by more services than a permission can name, which would be refused only when deployed', () => {
    expect(() => templateOf(plansFor(60))).toThrow(
      /The plans name 60 services, which take \d+ characters in a permission; at most 5700 are allowed/,
    );
  });

  test('is enough for every permission of as many services as are let in', () => {
    const template = templateOf(plansFor(25));
    expect(longest(template.findResources('AWS::IAM::ManagedPolicy'))).toBeLessThanOrEqual(6_144);
    expect(longest(template.findResources('AWS::IAM::Policy'))).toBeLessThanOrEqual(10_240);
  });
});

function plansFor(services: number): readonly DeployablePlan[] {
  return Array.from({ length: services }, (_, index) => {
    const service = `service-with-a-long-name-${index}`;
    return plan({ name: service, target: { ecs: { cluster: 'main', service } } });
  });
}

function longest(policies: Readonly<Record<string, Readonly<Record<string, unknown>>>>): number {
  const documents = Object.values(policies).map(({ Properties }) =>
    (JSON.stringify((Properties as { PolicyDocument: unknown }).PolicyDocument, deployed) ?? '')
      .replaceAll(reference('AWS::Partition'), 'aws-us-gov')
      .replaceAll(reference('AWS::Region'), 'ap-southeast-2')
      .replaceAll(reference('AWS::AccountId'), '123456789012'),
  );
  return Math.max(0, ...documents.map(({ length }) => length));
}

/** As IAM is given it; names of the stack's own resources are as long as their ids. */
function deployed(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return reference(Ref);
  if (Array.isArray(attribute)) return attribute.join('.').padEnd(100, '-');
  if (Array.isArray(join))
    return (join[1] as readonly unknown[]).map((part) => deployed('', part)).join(String(join[0]));
  return value;
}
