import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExecutionRecord } from '../../../sandbox/codepipeline/records.ts';
import { openStore } from '../../../sandbox/codepipeline/store.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pipelines-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function execution(order: number, status: ExecutionRecord['status'] = 'Succeeded'): ExecutionRecord {
  return {
    id: `execution-${order}`,
    order,
    pipelineName: 'shop',
    version: 1,
    mode: 'QUEUED',
    type: 'STANDARD',
    status,
    startedMs: 0,
    updatedMs: 0,
    trigger: { type: 'StartPipelineExecution', detail: '' },
    variables: {},
    overrides: {},
    sourceRevisions: [],
    artifacts: {},
    outputVariables: {},
    stages: [],
  };
}

test('of too many executions the oldest goes that has ended, never one that is under way', () => {
  const store = openStore(directory);
  store.putExecution(execution(1, 'InProgress'));
  for (let order = 2; order <= 502; order += 1) store.putExecution(execution(order));
  expect(store.executions('shop')).toHaveLength(500);
  expect(store.execution('execution-1')?.status).toBe('InProgress');
  expect([store.execution('execution-2'), store.execution('execution-3')]).toEqual([undefined, undefined]);
  expect(readdirSync(join(directory, 'executions'))).toHaveLength(500);
});

test('what comes after a restart is newer than everything before it', () => {
  openStore(directory).putExecution(execution(7));
  const store = openStore(directory);
  expect(store.nextOrder()).toBe(8);
  expect(store.executions('shop').map(({ id }) => id)).toEqual(['execution-7']);
});
