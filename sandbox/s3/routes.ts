import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  getObjectLockConfiguration,
  headBucket,
  listBuckets,
  putBucketVersioning,
  putObjectLockConfiguration,
} from './bucket-operations.ts';
import { deleteObject, deleteObjects } from './deleting.ts';
import { S3Error } from './errors.ts';
import { listObjectsV2, listObjectVersions } from './listing.ts';
import { getObjectLegalHold, getObjectRetention, putObjectLegalHold, putObjectRetention } from './locking.ts';
import { lockHeaderNames } from './object-lock.ts';
import type { Operation } from './operation.ts';
import { getObject, headObject } from './reading.ts';
import type { S3Request } from './request.ts';
import { putObject } from './writing.ts';

interface Route {
  readonly operation: Operation;
  /** The query parameters and `x-amz-…` headers that the operation heeds. Any other one is refused, never ignored. */
  readonly parameters?: readonly string[];
  readonly headers?: readonly string[];
}

const BYPASS = ['x-amz-bypass-governance-retention'];
const VERSION = ['versionId'];
const READ_PARAMETERS = [
  ...VERSION,
  ...[
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
    'content-type',
    'expires',
  ].map((name) => `response-${name}`),
];
const LIST_PARAMETERS = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const WRITE_HEADERS = [
  ...lockHeaderNames,
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-unmodified-since',
  'x-amz-metadata-directive',
];

/** By method, level and, after the question mark, the parameter that selects a subresource. */
const routes: Readonly<Record<string, Route>> = {
  'GET service': { operation: listBuckets },
  'PUT bucket': { operation: createBucket, headers: ['x-amz-bucket-object-lock-enabled'] },
  'HEAD bucket': { operation: headBucket },
  'DELETE bucket': { operation: deleteBucket },
  'GET bucket?location': { operation: getBucketLocation },
  'GET bucket?versioning': { operation: getBucketVersioning },
  'PUT bucket?versioning': { operation: putBucketVersioning },
  'GET bucket?object-lock': { operation: getObjectLockConfiguration },
  'PUT bucket?object-lock': { operation: putObjectLockConfiguration },
  'GET bucket?list-type': {
    operation: listObjectsV2,
    parameters: [...LIST_PARAMETERS, 'continuation-token', 'start-after'],
  },
  'GET bucket?versions': {
    operation: listObjectVersions,
    parameters: [...LIST_PARAMETERS, 'key-marker', 'version-id-marker'],
  },
  'POST bucket?delete': { operation: deleteObjects, headers: BYPASS },
  'PUT object': { operation: putObject, headers: WRITE_HEADERS },
  'GET object': { operation: getObject, parameters: READ_PARAMETERS },
  'HEAD object': { operation: headObject, parameters: READ_PARAMETERS },
  'DELETE object': { operation: deleteObject, parameters: VERSION, headers: BYPASS },
  'GET object?retention': { operation: getObjectRetention, parameters: VERSION },
  'PUT object?retention': { operation: putObjectRetention, parameters: VERSION, headers: BYPASS },
  'GET object?legal-hold': { operation: getObjectLegalHold, parameters: VERSION },
  'PUT object?legal-hold': { operation: putObjectLegalHold, parameters: VERSION },
};

/** These concern every request, or are heeded wherever a body is read. */
const COMMON_HEADERS =
  /^x-amz-(date|content-sha256|security-token|user-agent|expected-bucket-owner|request-payer|sdk-checksum-algorithm|decoded-content-length|trailer|checksum-.*|meta-.*)$/;
/** Values that ask for nothing beyond what the sandbox does anyway. */
const HARMLESS: Readonly<Record<string, string>> = {
  'x-amz-acl': 'private',
  'x-amz-server-side-encryption': 'AES256',
  'x-amz-storage-class': 'STANDARD',
  'x-amz-object-ownership': 'BucketOwnerEnforced',
  'x-amz-tagging-directive': 'COPY',
};

/** The operation that a request asks for. Throws `NotImplemented` for all that the sandbox does not do. */
export function operationFor(request: S3Request): Operation {
  const { method, bucket, key, query } = request;
  const target = `${method} ${key ? 'object' : bucket ? 'bucket' : 'service'}`;
  const subresource = [...query.keys()].find((name) => Object.hasOwn(routes, `${target}?${name}`));
  const name = subresource ? `${target}?${subresource}` : target;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!route) throw notImplemented(`The sandbox has no ${name}${query.size ? `?${query}` : ''}.`);
  const heeded = [subresource, 'x-id', ...(route.parameters ?? [])];
  for (const parameter of query.keys())
    if (!heeded.includes(parameter) && !/^x-amz-/i.test(parameter))
      throw notImplemented(`The sandbox does not support the parameter '${parameter}' of ${name}.`);
  for (const [header, value] of Object.entries(request.headers))
    if (!isHeeded(header, value, route))
      throw notImplemented(`The sandbox does not support the header ${header}: ${value} of ${name}.`);
  return route.operation;
}

function isHeeded(header: string, value: string, { headers = [] }: Route): boolean {
  if (!header.startsWith('x-amz-')) return true;
  return COMMON_HEADERS.test(header) || headers.includes(header) || HARMLESS[header] === value;
}

function notImplemented(message: string): S3Error {
  return new S3Error('NotImplemented', { message });
}
