import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ACCESS } from './access.ts';
import { FUNCTIONS, type FunctionName, folderOf } from './functions.ts';
import type { Network, Surroundings } from './grants/grant.ts';
import { functionNameOf } from './names.ts';
import { memoryMbOf } from './probe-memory.ts';

/** What Lambda does to put a function into a private network. */
const INTERFACES = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];

/** One function with its own role, log group, permissions and environment. `code` holds all bundles. */
export function drillFunction(surroundings: Surroundings, name: FunctionName, code: string): LambdaFunction {
  const { scope } = surroundings;
  const functionName = functionNameOf(scope, name);
  const logGroup = new LogGroup(scope, `${name}Logs`, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = logWriter(scope, name, logGroup);
  const grants = ACCESS[name].map((grant) => grant(surroundings));
  for (const statement of grants.flatMap(({ statements }) => statements)) role.addToPolicy(statement);
  const { timeoutSeconds } = FUNCTIONS[name];
  const network = grants.flatMap((grant) => grant.network ?? [])[0];
  if (network) joinNetworks(role, surroundings, functionName);
  const drillFunction = new LambdaFunction(scope, name, {
    functionName,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(code, folderOf(name))),
    handler: 'index.handler',
    timeout: Duration.seconds(timeoutSeconds),
    memorySize: memoryMbOf(name, surroundings.plans),
    logGroup,
    role,
    environment: Object.assign(names(surroundings), ...grants.map(({ environment }) => environment)),
  });
  if (network) placeIn(network, drillFunction);
  return drillFunction;
}

/** Not by a Vpc construct, which would need to know more of the network than its subnets. */
function placeIn({ subnets, securityGroups }: Network, { node }: LambdaFunction): void {
  const { defaultChild } = node;
  if (!(defaultChild instanceof CfnFunction))
    throw new Error(`${node.path} is no function of CloudFormation`);
  defaultChild.vpcConfig = { subnetIds: [...subnets], securityGroupIds: [...securityGroups] };
}

/**
 * Lambda itself makes the network interfaces with the role of the function; the function's own code may not.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function joinNetworks(role: Role, { scope }: Surroundings, functionName: string): void {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const names = { service: 'lambda', resource: 'function', resourceName: functionName, arnFormat };
  // '*': most of these actions know no resource, and interfaces have no name before they are made.
  const statement = { actions: INTERFACES.map((action) => `ec2:${action}`), resources: ['*'] };
  role.addToPolicy(new PolicyStatement(statement));
  role.addToPolicy(
    new PolicyStatement({
      ...statement,
      effect: Effect.DENY,
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': Stack.of(scope).formatArn(names) } },
    }),
  );
}

/** A role of our own instead of the managed policy, which lets every function write to every log. */
function logWriter(scope: Construct, name: FunctionName, { logGroupArn }: LogGroup): Role {
  const role = new Role(scope, `${name}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      // Ends in ':*', which stands for the streams of this one group.
      resources: [logGroupArn],
    }),
  );
  return role;
}

/** Every function checks its whole environment; a name without a permission opens nothing. */
function names({ table, bucket, topic }: Surroundings): Record<string, string> {
  return { TABLE_NAME: table.tableName, BUCKET_NAME: bucket.bucketName, TOPIC_ARN: topic.topicArn };
}
