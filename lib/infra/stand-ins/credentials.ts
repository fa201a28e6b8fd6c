/*
 * Stands in for the SDK's chain of credential providers, which is a fifth of a small bundle: files, processes, browsers and
 * metadata services that are not there in Lambda. Lambda gives the credentials of a function's role by environment; only one
 * that starts from a snapshot asks an address for them instead (`AWS_CONTAINER_CREDENTIALS_FULL_URI`), and none of ours does.
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-security.html
 */

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the clients ask for. */
export { fromEnvironment as defaultProvider, fromEnvironment as fromNodeProviderChain };

function fromEnvironment(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
      throw new Error(
        "The environment has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY. A function takes its role's credentials from nowhere else: give it both, and AWS_SESSION_TOKEN for those of a role.",
      );
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  };
}
