import type { Endpoint, HttpRequest } from './aws/protocol.ts';

interface Described {
  readonly serviceDeployments: readonly {
    readonly serviceDeploymentArn: string;
    readonly sourceServiceRevisions: readonly { readonly arn: string }[];
  }[];
}

/** ECS accepts StopServiceDeployment and from then on tells of a rollback that has succeeded, but nothing is rolled back. */
export function ineffectiveRollback(endpoint: Endpoint): Endpoint {
  const acceptedAt = new Map<string, number>();
  return async (request) => {
    const operation = request.headers['x-amz-target']?.split('.').at(-1);
    if (operation === 'StopServiceDeployment') return accept(request, acceptedAt);
    const response = await endpoint(request);
    if (operation !== 'DescribeServiceDeployments' || response.status !== 200) return response;
    const described = JSON.parse(String(response.body)) as Described;
    return { ...response, body: JSON.stringify(asIfRolledBack(described, acceptedAt)) };
  };
}

async function accept({ body }: HttpRequest, acceptedAt: Map<string, number>): ReturnType<Endpoint> {
  const { serviceDeploymentArn } = JSON.parse(body.toString()) as { serviceDeploymentArn: string };
  if (!acceptedAt.has(serviceDeploymentArn)) acceptedAt.set(serviceDeploymentArn, Date.now() / 1000);
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: JSON.stringify({ serviceDeploymentArn }) };
}

function asIfRolledBack(described: Described, acceptedAt: ReadonlyMap<string, number>): object {
  const serviceDeployments = described.serviceDeployments.map((deployment) => {
    const startedAt = acceptedAt.get(deployment.serviceDeploymentArn);
    if (startedAt === undefined) return deployment;
    const serviceRevisionArn = deployment.sourceServiceRevisions[0]?.arn;
    const reason = 'Service deployment rolled back because StopServiceDeployment was called.';
    const rollback = { startedAt, reason, serviceRevisionArn };
    return { ...deployment, status: 'ROLLBACK_SUCCESSFUL', statusReason: reason, rollback };
  });
  return { ...described, serviceDeployments };
}
