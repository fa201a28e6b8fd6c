import type { HttpRequest } from '../aws/protocol.ts';
import { type ServiceName, wireOf } from './services.ts';

/** By method, level and, after the question mark, the parameter that selects a subresource. */
const S3: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'DELETE bucket': 'DeleteBucket',
  'GET bucket?location': 'GetBucketLocation',
  'GET bucket?versioning': 'GetBucketVersioning',
  'PUT bucket?versioning': 'PutBucketVersioning',
  'GET bucket?object-lock': 'GetObjectLockConfiguration',
  'PUT bucket?object-lock': 'PutObjectLockConfiguration',
  'GET bucket?list-type': 'ListObjectsV2',
  'GET bucket?versions': 'ListObjectVersions',
  'POST bucket?delete': 'DeleteObjects',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'GET object?retention': 'GetObjectRetention',
  'PUT object?retention': 'PutObjectRetention',
  'GET object?legal-hold': 'GetObjectLegalHold',
  'PUT object?legal-hold': 'PutObjectLegalHold',
};

/** By method and path, with `*` for identifiers. */
const CLOUDFRONT: Readonly<Record<string, string>> = {
  'GET distribution': 'ListDistributions',
  'GET distribution/*': 'GetDistribution',
  'GET distribution/*/invalidation': 'ListInvalidations',
  'POST distribution/*/invalidation': 'CreateInvalidation',
  'GET distribution/*/invalidation/*': 'GetInvalidation',
};

/** By method and path, with `*` for names. */
const REST: Readonly<Record<string, string>> = {
  'POST /2015-03-31/functions/*/invocations': 'Invoke',
  'GET /2015-03-31/functions/*/configuration': 'GetFunctionConfiguration',
  'GET /2015-03-31/functions/*': 'GetFunction',
  'GET /2015-03-31/functions': 'ListFunctions',
  'POST /schedules/*': 'CreateSchedule',
  'GET /schedules/*': 'GetSchedule',
  'PUT /schedules/*': 'UpdateSchedule',
  'DELETE /schedules/*': 'DeleteSchedule',
  'GET /schedules': 'ListSchedules',
  'POST /schedule-groups/*': 'CreateScheduleGroup',
  'GET /schedule-groups/*': 'GetScheduleGroup',
  'DELETE /schedule-groups/*': 'DeleteScheduleGroup',
  'GET /schedule-groups': 'ListScheduleGroups',
};

/** Which operation of its API a request asks for; empty for one that the sandbox does not know. */
export function operationOf(service: ServiceName, request: HttpRequest): string {
  const { protocol } = wireOf(service);
  if (protocol === 'query') return new URLSearchParams(request.body.toString()).get('Action') ?? '';
  if (service === 'cloudfront') return cloudFrontOperation(request);
  if (protocol === 'rest-xml') return s3Operation(request);
  if (protocol === 'rest-json') return restOperation(request);
  return request.headers['x-amz-target']?.split('.').at(-1) ?? '';
}

function s3Operation({ method, path, query, headers }: HttpRequest): string {
  const [bucket, ...key] = path.split('/').slice(1);
  const level = key.join('/') ? 'object' : bucket ? 'bucket' : 'service';
  const target = `${method} ${level}`;
  const subresource = [...query.keys()].find((name) => Object.hasOwn(S3, `${target}?${name}`));
  const operation = S3[subresource ? `${target}?${subresource}` : target] ?? '';
  return operation === 'PutObject' && headers['x-amz-copy-source'] ? 'CopyObject' : operation;
}

function cloudFrontOperation({ method, path }: HttpRequest): string {
  const [, _version, ...segments] = path.split('/');
  const kind = segments.map((segment, index) => (index % 2 === 1 ? '*' : segment)).join('/');
  return CLOUDFRONT[`${method} ${kind}`] ?? '';
}

function restOperation({ method, path }: HttpRequest): string {
  const segments = path.split('/');
  const nameAt = segments[1] === '2015-03-31' ? 3 : 2;
  const kind = segments.map((segment, index) => (index === nameAt ? '*' : segment)).join('/');
  return REST[`${method} ${kind}`] ?? '';
}
