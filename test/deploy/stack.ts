import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, type SFNClient, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { TimeLimits } from '../../lib/drill/limits.ts';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { asMiniStackUnderstands } from './adaptation.ts';
import { run, type Variables } from './command.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const BOOTSTRAP_LIMIT_MS = 120_000;
const DEPLOY_LIMIT_MS = 240_000;
export const STACK = 'RollbackDrills';

export interface Outputs {
  readonly StateMachineArn: string;
  readonly WitnessStateMachineArn: string;
  readonly ApiUrl: string;
  readonly TableName: string;
  readonly BucketName: string;
  readonly TopicArn: string;
}

/** Bootstraps and deploys the stack with the real CDK command, as a user would. */
export async function deployStack(env: Variables, directory: string): Promise<Outputs> {
  const outputsFile = join(directory, 'outputs.json');
  const output = join(directory, 'cdk.out');
  const path = `${dirname(process.execPath)}:${env.PATH}`;
  const cdk = (...args: string[]) => ({
    program: process.execPath,
    args: [CDK, ...args, '--output', output, '--ci', '--no-notices', '--no-color'],
    env: { ...env, PATH: path, TMPDIR: directory, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    cwd: ROOT,
  });
  await run(cdk('bootstrap', 'aws://000000000000/us-east-1'), BOOTSTRAP_LIMIT_MS);
  await run(cdk('deploy', '--require-approval', 'never', '--outputs-file', outputsFile), DEPLOY_LIMIT_MS);
  return JSON.parse(await readFile(outputsFile, 'utf8'))[STACK] as Outputs;
}

/**
 * After the deployment, so that the template stays what it is on AWS: MiniStack's ECS needs Docker, the sandbox's does not,
 * the images that its tasks run lie in the sandbox's registry, and MiniStack's CodePipeline cannot roll a stage back.
 */
export async function useSandboxTargets(lambda: LambdaClient, sandboxUrl: string): Promise<void> {
  for (const name of FUNCTION_NAMES) {
    const FunctionName = `${STACK}-${name}`;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const own = ['ECS', 'ECR', 'CODEPIPELINE'].map((service) => [`AWS_ENDPOINT_URL_${service}`, sandboxUrl]);
    const Variables = { ...Environment?.Variables, ...Object.fromEntries(own) };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  }
}

export async function adaptMachine(
  sfn: SFNClient,
  stateMachineArn: string,
  limits: TimeLimits,
): Promise<void> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  await sfn.send(
    new UpdateStateMachineCommand({
      stateMachineArn,
      definition: asMiniStackUnderstands(definition, limits),
    }),
  );
}
