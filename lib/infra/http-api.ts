import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat, AccessLogField as Field } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * What the API answers, each path a route of its own, so that a team can let somebody read and not start, or approve and
 * not abort. Names of targets have a slash, which one `{segment}` would not take.
 */
const ROUTES = {
  [HttpMethod.GET]: [
    '/health',
    '/openapi.json',
    '/readiness',
    '/targets',
    '/targets/{proxy+}',
    '/drills/{id}',
    '/drills/{id}/receipt',
  ],
  [HttpMethod.POST]: [
    '/drills',
    '/drills/{id}/triggers',
    '/drills/{id}/approvals',
    '/drills/{id}/decision',
    '/drills/{id}/abort',
  ],
} as const;

/** Readers share the account's function concurrency with drills: many of them wait, and no drill does. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 } as const;

/** Callers sign with SigV4, for the service `execute-api`. No browser of another origin is let in. */
export function httpApi(scope: Construct, api: IFunction): HttpStage {
  const { stackName } = Stack.of(scope);
  const gateway = new HttpApi(scope, 'HttpApi', {
    apiName: `${stackName}-api`,
    description: 'Reads rollback drills and their statistics, and takes what people decide',
    createDefaultStage: false,
  });
  const integration = new HttpLambdaIntegration('ApiIntegration', api, { scopePermissionToRoute: false });
  const authorizer = new HttpIamAuthorizer();
  for (const [id, routeKey] of routeKeys())
    new HttpRoute(scope, `Route ${id}`, { httpApi: gateway, routeKey, integration, authorizer });
  return new HttpStage(scope, 'HttpApiStage', {
    httpApi: gateway,
    stageName: '$default',
    autoDeploy: true,
    throttle: THROTTLE,
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog(scope)), format: LINE },
  });
}

/** Whatever else is asked for is told by the function that there is no such thing, and what there is. */
function routeKeys(): readonly (readonly [id: string, HttpRouteKey])[] {
  const known = [HttpMethod.GET, HttpMethod.POST] as const;
  return [
    ...known.flatMap((method) =>
      ROUTES[method].map((path) => [`${method} ${path}`, HttpRouteKey.with(path, method)] as const),
    ),
    ['default', HttpRouteKey.DEFAULT],
  ];
}

/** Log groups of this prefix do not use up the account's resource policy for log deliveries. */
function accessLog(scope: Construct): LogGroup {
  return new LogGroup(scope, 'HttpApiLogs', {
    logGroupName: `/aws/vendedlogs/http-api/${Stack.of(scope).stackName}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Who asked for what, and what came of it; `requestId` is the `instance` of a problem document. */
const LINE = AccessLogFormat.custom(
  JSON.stringify({
    requestId: Field.contextRequestId(),
    time: Field.contextRequestTime(),
    caller: Field.contextIdentityUserArn(),
    sourceIp: Field.contextIdentitySourceIp(),
    method: Field.contextHttpMethod(),
    path: Field.contextPath(),
    route: Field.contextRouteKey(),
    status: Field.contextStatus(),
    latencyMs: Field.contextResponseLatency(),
    error: Field.contextErrorMessage(),
    integrationError: Field.contextIntegrationErrorMessage(),
  }),
);
