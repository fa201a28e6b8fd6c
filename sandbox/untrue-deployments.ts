import type { Endpoint, HttpRequest } from './aws/protocol.ts';

interface ServiceDeployment {
  readonly serviceDeploymentArn: string;
  readonly status: string;
  /** Epoch seconds. */
  readonly finishedAt?: number;
  readonly sourceServiceRevisions: readonly { readonly arn: string }[];
}

/** ECS accepts StopServiceDeployment and from then on tells of a rollback that has succeeded, but nothing is rolled back. */
export function ineffectiveRollback(endpoint: Endpoint): Endpoint {
  const acceptedAt = new Map<string, number>();
  const told = toldOtherwise(endpoint, (deployment) =>
    asIfRolledBack(deployment, acceptedAt.get(deployment.serviceDeploymentArn)),
  );
  return async (request) =>
    operationOf(request) === 'StopServiceDeployment' ? accept(request, acceptedAt) : told(request);
}

/** For a while, a service deployment that has succeeded is told as under way. */
export function lingeringDeployments(endpoint: Endpoint): Endpoint {
  return toldOtherwise(endpoint, (deployment) => {
    const { status, finishedAt = 0 } = deployment;
    const lingers = status === 'SUCCESSFUL' && Date.now() < finishedAt * 1000 + LINGER_MS;
    return lingers ? { ...deployment, status: 'IN_PROGRESS' } : deployment;
  });
}

const LINGER_MS = 20_000;

function toldOtherwise(endpoint: Endpoint, tell: (deployment: ServiceDeployment) => object): Endpoint {
  return async (request) => {
    const response = await endpoint(request);
    if (operationOf(request) !== 'DescribeServiceDeployments' || response.status !== 200) return response;
    const described = JSON.parse(String(response.body)) as { serviceDeployments: ServiceDeployment[] };
    const serviceDeployments = described.serviceDeployments.map(tell);
    return { ...response, body: JSON.stringify({ ...described, serviceDeployments }) };
  };
}

function operationOf({ headers }: HttpRequest): string | undefined {
  return headers['x-amz-target']?.split('.').at(-1);
}

async function accept({ body }: HttpRequest, acceptedAt: Map<string, number>): ReturnType<Endpoint> {
  const { serviceDeploymentArn } = JSON.parse(body.toString()) as { serviceDeploymentArn: string };
  if (!acceptedAt.has(serviceDeploymentArn)) acceptedAt.set(serviceDeploymentArn, Date.now() / 1000);
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: JSON.stringify({ serviceDeploymentArn }) };
}

function asIfRolledBack(deployment: ServiceDeployment, startedAt: number | undefined): object {
  if (startedAt === undefined) return deployment;
  const reason = 'Service deployment rolled back because StopServiceDeployment was called.';
  const rollback = { startedAt, reason, serviceRevisionArn: deployment.sourceServiceRevisions[0]?.arn };
  return { ...deployment, status: 'ROLLBACK_SUCCESSFUL', statusReason: reason, rollback };
}
