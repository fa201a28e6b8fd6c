import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import type { InvokeFunction } from '../../aws/functions.ts';
import type { Endpoint } from '../../aws/protocol.ts';
import type { Truth } from '../../truth.ts';
import type { ActionProvider } from '../action.ts';
import type { Jobs } from '../jobs.ts';
import { ecrSource } from './ecr-source.ts';
import { ecsDeploy } from './ecs-deploy.ts';
import { clientInside } from './inside.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { s3Source } from './s3-source.ts';

export interface ProviderOptions {
  /** The services that actions use. */
  readonly endpoints: { readonly ecr: Endpoint; readonly ecs: Endpoint; readonly s3: Endpoint };
  readonly invokeFunction: InvokeFunction;
  /** Those that PutJobSuccessResult and PutJobFailureResult answer. */
  readonly jobs: Jobs;
  readonly truth: Truth;
}

/** Every provider that a pipeline of the sandbox may name. */
export function actionProviders({
  endpoints,
  invokeFunction,
  jobs,
  truth,
}: ProviderOptions): readonly ActionProvider[] {
  const s3 = new S3Client(clientInside(endpoints.s3));
  const ecs = new ECSClient(clientInside(endpoints.ecs));
  const ecr = new ECRClient(clientInside(endpoints.ecr));
  return [
    s3Source(s3),
    ecrSource(ecr, s3),
    ecsDeploy({ ecs, s3, truth }),
    lambdaInvoke({ invokeFunction, jobs }),
  ];
}
