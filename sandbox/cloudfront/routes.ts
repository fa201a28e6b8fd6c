import type { HttpRequest, HttpResponse, XmlObject } from '../aws/protocol.ts';
import { batchFrom } from './batch.ts';
import {
  DISTRIBUTION,
  DISTRIBUTION_ETAG,
  distributionOf,
  distributionSummaryOf,
  type EdgePlaces,
} from './distribution.ts';
import { type Invalidation, type Invalidations, inProgress } from './invalidations.ts';
import { pageOf } from './page.ts';
import { cloudFrontError, xmlReply } from './wire.ts';

export interface Call {
  readonly request: HttpRequest;
  readonly edge: EdgePlaces;
  readonly invalidations: Invalidations;
}

type Route = (call: Call, invalidationId: string) => HttpResponse;

const ROOT = '/2020-05-31/distribution';
const PATH = new RegExp(`^${ROOT}(?:/([^/]+)(?:/(invalidation)(?:/([^/]+))?)?)?$`);

const ROUTES: Readonly<Record<string, Route>> = {
  'GET distributions': listDistributions,
  'GET distribution': getDistribution,
  'GET invalidations': listInvalidations,
  'POST invalidations': createInvalidation,
  'GET invalidation': getInvalidation,
};

/** Throws the errors of CloudFront, and UnsupportedOperation for what the sandbox does not do. */
export function answer(call: Call): HttpResponse {
  const { method, path } = call.request;
  const [matched, id, collection, invalidationId] = path.match(PATH) ?? [];
  const kind = id === undefined ? 'distribution' : (collection ?? 'distribution');
  const isMany = id === undefined || (collection !== undefined && invalidationId === undefined);
  const route = matched === undefined ? undefined : ROUTES[`${method} ${kind}${isMany ? 's' : ''}`];
  if (!route)
    throw cloudFrontError('UnsupportedOperation', `The sandbox does not support ${method} ${path}.`);
  if (id !== undefined && id !== DISTRIBUTION)
    throw cloudFrontError('NoSuchDistribution', 'The specified distribution does not exist.');
  return route(call, invalidationId ?? '');
}

function listDistributions({ request, edge }: Call): HttpResponse {
  const all = [{ id: DISTRIBUTION, xml: distributionSummaryOf(edge) }];
  return xmlReply('DistributionList', pageOf('DistributionSummary', all, request.query));
}

function getDistribution({ edge, invalidations }: Call): HttpResponse {
  const distribution = distributionOf(edge, inProgress(invalidations.all()).length);
  return xmlReply('Distribution', distribution, { headers: { etag: DISTRIBUTION_ETAG } });
}

function listInvalidations({ request, invalidations }: Call): HttpResponse {
  const all = invalidations.all().map(({ id, status, createdMs }) => ({
    id,
    xml: { Id: id, CreateTime: isoTime(createdMs), Status: status },
  }));
  return xmlReply('InvalidationList', pageOf('InvalidationSummary', all, request.query));
}

function createInvalidation({ request, invalidations }: Call): HttpResponse {
  const created = invalidations.create(batchFrom(request.body));
  const location = `https://cloudfront.amazonaws.com${ROOT}/${DISTRIBUTION}/invalidation/${created.id}`;
  return xmlReply('Invalidation', describe(created), { status: 201, headers: { location } });
}

function getInvalidation({ invalidations }: Call, id: string): HttpResponse {
  const found = invalidations.all().find((each) => each.id === id);
  if (!found) throw cloudFrontError('NoSuchInvalidation', 'The specified invalidation does not exist.');
  return xmlReply('Invalidation', describe(found));
}

function describe({ id, status, createdMs, callerReference, paths }: Invalidation): XmlObject {
  const Paths = { Quantity: paths.length, Items: { Path: paths } };
  return {
    Id: id,
    Status: status,
    CreateTime: isoTime(createdMs),
    InvalidationBatch: { Paths, CallerReference: callerReference },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
