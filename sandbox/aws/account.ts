/** The one account and Region that the sandbox pretends to be. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}
