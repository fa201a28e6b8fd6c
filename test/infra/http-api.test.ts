import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { actionsOf, flat, resourcesOf, statementsOf, templateOf } from './fixture.ts';
import { plan, THROUGH_PIPELINE } from './plan.ts';

const template = templateOf([plan()]);
const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
  (route) => route.Properties,
);
const document: { readonly paths: Readonly<Record<string, object>> } = JSON.parse(
  readFileSync(new URL('../../lib/api/openapi.json', import.meta.url), 'utf8'),
);

describe('who may call the API', () => {
  test('nobody whom IAM does not know, on any route', () => {
    expect(routes.length).toBeGreaterThan(0);
    for (const { AuthorizationType, RouteKey } of routes) expect(AuthorizationType, RouteKey).toBe('AWS_IAM');
  });

  test('no page of another origin', () => {
    template.allResourcesProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
  });

  test('no more often than drills can bear, and never unseen', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: Match.objectLike({ DestinationArn: Match.anyValue() }),
    });
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(JSON.parse(stage?.Properties.AccessLogSettings.Format)).toMatchObject({
      requestId: '$context.requestId',
      caller: '$context.identity.userArn',
      path: '$context.path',
      status: '$context.status',
    });
  });
});

describe('what the API has routes for', () => {
  const keys = routes.map(({ RouteKey }) => RouteKey as string);

  test('everything that is documented, by its own path, so that a policy can tell readers from starters', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const behind = (key: string) => key.replace(/\/\{target\}.*$/, '/{proxy+}');
    expect(keys.filter((key) => key !== '$default').toSorted()).toEqual(
      [...new Set(documented.map(behind))].toSorted(),
    );
  });

  test('everything else, so that nobody is left without a problem document', () =>
    expect(keys).toContain('$default'));

  test('no function but the one that answers it, in the form that its handler reads', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    const [integration] = Object.values(template.findResources('AWS::ApiGatewayV2::Integration'));
    expect(integration?.Properties).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
    expect(flat(integration?.Properties.IntegrationUri)).toMatch(/^\$\{Api[0-9A-F]{8}\.Arn\}$/);
  });

  test('the stack tells where it is', () => {
    const { ApiUrl } = template.findOutputs('ApiUrl');
    expect(flat(ApiUrl?.Value)).toMatch(/^https:\/\/\$\{HttpApi\w+\}\.execute-api\.\$\{AWS::Region\}\./);
  });
});

describe('what the API may do', () => {
  const found = (plans = [plan()]) => statementsOf(templateOf(plans)).Api ?? [];

  test('nothing but read the path of the targets, answer waits, tell people and start drills', () => {
    const actions = new Set(found([plan(), plan(THROUGH_PIPELINE)]).flatMap(actionsOf));
    expect([...actions].filter((action) => !action.startsWith('logs:')).toSorted()).toEqual([
      'codepipeline:GetPipeline',
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'ecs:DescribeServices',
      'sns:Publish',
      'states:SendTaskHeartbeat',
      'states:SendTaskSuccess',
      'states:StartExecution',
    ]);
  });

  test('no lock, number, statistics or seal is written by it', () => {
    const writes = found().filter((statement) => actionsOf(statement).includes('dynamodb:PutItem'));
    expect(writes.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['DRILL#*'] } },
    ]);
    for (const action of ['dynamodb:UpdateItem', 'dynamodb:PutItem'])
      expect(found().filter((statement) => actionsOf(statement).includes(action))).toHaveLength(1);
  });

  test('no state machine but that of drills is started, and no execution stopped', () => {
    const starts = found().filter((statement) => actionsOf(statement).includes('states:StartExecution'));
    expect(starts.flatMap(resourcesOf)).toEqual([
      expect.stringMatching(/:stateMachine:RollbackDrills-drill$/),
    ]);
  });
});
