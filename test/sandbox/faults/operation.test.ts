import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../sandbox/aws/protocol.ts';
import { operationOf } from '../../../sandbox/faults/operation.ts';
import type { ServiceName } from '../../../sandbox/faults/services.ts';

function request(line: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const [method = '', target = ''] = line.split(' ');
  const { pathname: path, searchParams: query } = new URL(target, 'http://localhost');
  return { method, path, query, headers: {}, body: Buffer.alloc(0), ...more };
}

test.each<[ServiceName, string]>([
  ['s3', 'PATCH /receipts/one'],
  ['s3', 'POST /receipts/one?uploads'],
  ['cloudfront', 'DELETE /2020-05-31/distribution/E1'],
  ['lambda', 'POST /2015-03-31/functions'],
  ['scheduler', 'GET /tags/one'],
  ['ecs', 'POST /'],
  ['sns', 'POST /'],
])('of %s, %s is no operation that a fault could name', (service, line) => {
  expect(operationOf(service, request(line))).toBe('');
});

test.each<[ServiceName, string, string]>([
  ['s3', 'GET /', 'ListBuckets'],
  ['s3', 'GET /receipts?list-type=2&prefix=a', 'ListObjectsV2'],
  ['s3', 'PUT /receipts/a/b?x-id=PutObject', 'PutObject'],
  ['s3', 'PUT /receipts/a?retention', 'PutObjectRetention'],
  ['cloudfront', 'GET /2020-05-31/distribution', 'ListDistributions'],
  ['cloudfront', 'GET /2020-05-31/distribution/E1', 'GetDistribution'],
  ['cloudfront', 'POST /2020-05-31/distribution/E1/invalidation', 'CreateInvalidation'],
  ['cloudfront', 'GET /2020-05-31/distribution/E1/invalidation?MaxItems=1', 'ListInvalidations'],
  ['cloudfront', 'GET /2020-05-31/distribution/E1/invalidation/I1', 'GetInvalidation'],
  ['lambda', 'GET /2015-03-31/functions/notify', 'GetFunction'],
  ['lambda', 'POST /2015-03-31/functions/notify/invocations', 'Invoke'],
  ['scheduler', 'GET /schedules?NamePrefix=a', 'ListSchedules'],
  ['scheduler', 'DELETE /schedules/nightly?groupName=default', 'DeleteSchedule'],
  ['scheduler', 'POST /schedule-groups/drills', 'CreateScheduleGroup'],
])('of %s, %s is %s', (service, line, operation) => {
  expect(operationOf(service, request(line))).toBe(operation);
});

test('an operation may be named by a header or by the body', () => {
  const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.UpdateService' };
  expect(operationOf('ecs', request('POST /', { headers: target }))).toBe('UpdateService');
  const body = Buffer.from('Version=2010-03-31&Action=Publish');
  expect(operationOf('sns', request('POST /', { body }))).toBe('Publish');
  const copy = { 'x-amz-copy-source': '/receipts/a' };
  expect(operationOf('s3', request('PUT /receipts/b', { headers: copy }))).toBe('CopyObject');
});
