import { credentialOf } from '../aws/credential.ts';
import { AwsError, type Endpoint, queryEndpoint } from '../aws/protocol.ts';
import { principalOf } from './principal.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Says who calls. The access key id alone tells it: see {@link principalOf}. */
export function stsEndpoint(): Endpoint {
  return (request) => {
    const caller = () => {
      const { accessKeyId = '' } = credentialOf(request) ?? {};
      return principalOf(accessKeyId) ?? invalidToken();
    };
    return queryEndpoint({ GetCallerIdentity: () => ({ ...caller() }) }, NAMESPACE)(request);
  };
}

function invalidToken(): never {
  const message = 'The security token included in the request is invalid.';
  throw new AwsError('InvalidClientTokenId', message, { statusCode: 403 });
}
