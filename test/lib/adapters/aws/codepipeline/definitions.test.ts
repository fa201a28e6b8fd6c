import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { sameContent } from '../../../../../lib/adapters/aws/codepipeline/definitions.ts';

const first: TaskDefinition = {
  taskDefinitionArn: 'task-definition/shop:1',
  family: 'shop',
  revision: 1,
  status: 'ACTIVE',
  registeredAt: new Date(1),
  registeredBy: 'ann',
  cpu: '256',
  containerDefinitions: [
    {
      name: 'web',
      image: 'shop:v1',
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
};

function copy(container: object, more: Partial<TaskDefinition> = {}): TaskDefinition {
  const containerDefinitions = [{ ...first.containerDefinitions?.[0], ...container }];
  return { ...first, containerDefinitions, ...more };
}

test.each([
  ['another image', copy({ image: 'shop:v2' })],
  ['another value', copy({ environment: [{ name: 'A', value: '1' }] })],
  ['other words of a command', copy({ command: ['b', 'a'] })],
  ['another size', copy({}, { cpu: '512' })],
  ['another family', copy({}, { family: 'cart' })],
])('%s is another release', (_, other) => {
  expect(sameContent(first, other)).toBe(false);
});

test('the order of a command counts', () => {
  expect(sameContent(copy({ command: ['a', 'b'] }), copy({ command: ['b', 'a'] }))).toBe(false);
});

test('what ECS adds, the order of names, and what is empty make no difference', () => {
  const environment = [
    { value: '2', name: 'B' },
    { name: 'A', value: '1' },
  ];
  const registered = {
    taskDefinitionArn: 'task-definition/shop:2',
    revision: 2,
    registeredAt: new Date(2),
    registeredBy: 'pipeline',
    volumes: [],
  };
  expect(sameContent(first, copy({ environment, mountPoints: [] }, registered))).toBe(true);
});
