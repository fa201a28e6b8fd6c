import { ACCOUNT } from '../aws/account.ts';
import type { XmlObject } from '../aws/protocol.ts';

/** The distribution that stands for the edge of the sandbox; there is no other one. */
export const DISTRIBUTION = 'E1SANDBOXEDGE';
export const DISTRIBUTION_ETAG = 'E2SANDBOXEDGETAG';

export interface EdgePlaces {
  /** Where users reach the edge. */
  readonly url: string;
  /** Where the edge fetches. */
  readonly originUrl: string;
}

/** As GetDistribution tells it; `inProgress` is the number of its open invalidations. */
export function distributionOf(edge: EdgePlaces, inProgress: number): XmlObject {
  const { Id, ARN, Status, LastModifiedTime, DomainName } = common(edge);
  return {
    Id,
    ARN,
    Status,
    LastModifiedTime,
    InProgressInvalidationBatches: inProgress,
    DomainName,
    DistributionConfig: { CallerReference: 'sandbox', ...configuration(edge) },
  };
}

/** As ListDistributions tells it. */
export function distributionSummaryOf(edge: EdgePlaces): XmlObject {
  return {
    ...common(edge),
    ...configuration(edge),
    CacheBehaviors: NONE,
    CustomErrorResponses: NONE,
    ViewerCertificate: { CloudFrontDefaultCertificate: true },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http1.1',
    IsIPV6Enabled: false,
    Staging: false,
  };
}

const NONE = { Quantity: 0 };
const ORIGIN = 'load-balancer';

function common({ url }: EdgePlaces) {
  return {
    Id: DISTRIBUTION,
    ARN: `arn:aws:cloudfront::${ACCOUNT}:distribution/${DISTRIBUTION}`,
    Status: 'Deployed',
    LastModifiedTime: '2026-01-01T00:00:00.000Z',
    DomainName: new URL(url).host,
  };
}

function configuration({ originUrl }: EdgePlaces): XmlObject {
  const { hostname, port } = new URL(originUrl);
  const CustomOriginConfig = { HTTPPort: port, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' };
  return {
    Aliases: NONE,
    Origins: { Quantity: 1, Items: { Origin: { Id: ORIGIN, DomainName: hostname, CustomOriginConfig } } },
    DefaultCacheBehavior: { TargetOriginId: ORIGIN, ViewerProtocolPolicy: 'allow-all' },
    Comment: 'The edge of the sandbox',
    PriceClass: 'PriceClass_All',
    Enabled: true,
  };
}
