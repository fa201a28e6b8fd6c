import { expect, test } from 'vitest';
import type { TargetGroup, TaskProcess, TaskSpecification } from '../../sandbox/ecs/data-plane.ts';
import { strayTask } from '../../sandbox/stray-task.ts';

function world() {
  const told: string[] = [];
  const group: TargetGroup = {
    register: (targetId) => void told.push(`register ${targetId}`),
    deregister: async (targetId) => void told.push(`deregister ${targetId}`),
    onHealthChange() {},
  };
  const start = ({ taskId }: TaskSpecification): TaskProcess => ({
    pid: 1,
    listening: new Promise(() => {}),
    exited: new Promise(() => {}),
    stop: () => void told.push(`stop ${taskId}`),
  });
  const stray = strayTask({ tasks: { start }, loadBalancers: { targetGroup: () => group } });
  const begin = (taskId: string, release: string) =>
    stray.tasks.start({ taskId, command: ['node'], environment: { RELEASE: release } });
  return { told, stray, begin, group: stray.loadBalancers.targetGroup('arn') };
}

test('the first task of another release is not stopped, nor deregistered, and ECS believes that it is', async () => {
  const { told, begin, group } = world();
  const [healthy, first, second] = [begin('a', 'healthy'), begin('b', 'bad'), begin('c', 'bad')];
  for (const id of ['a', 'b', 'c']) await group?.deregister(id);
  for (const process of [healthy, first, second]) process.stop(10);
  expect(await first.exited).toEqual({ exitCode: 0, signal: null });
  expect(told).toEqual(['deregister a', 'deregister c', 'stop a', 'stop c']);
});

test('it goes when the service is updated, not before ECS wanted it gone', async () => {
  const { told, stray, begin, group } = world();
  begin('a', 'healthy');
  const process = begin('b', 'bad');
  stray.end();
  expect(told).toEqual([]);
  await group?.deregister('b');
  process.stop(10);
  stray.end();
  await expect.poll(() => told).toEqual(['deregister b', 'stop b']);
  stray.end();
  expect(told).toHaveLength(2);
});
