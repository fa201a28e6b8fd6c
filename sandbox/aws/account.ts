/** The one account and Region that the sandbox pretends to be. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** Every access key of the account has this one; its id says who has it. */
export const SECRET_ACCESS_KEY = 'sandbox';

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}
