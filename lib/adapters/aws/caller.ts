import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../../ports/people.ts';

export function stsCaller(sts: STSClient): Caller {
  return {
    async arn() {
      const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return Arn;
    },
  };
}
