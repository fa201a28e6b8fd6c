import * as v from 'valibot';
import { listOf, members, oneOf, text } from '../../aws/input.ts';
import { paging } from '../input.ts';
import { SERVICE_DEPLOYMENT_STATUSES } from '../records.ts';

const epochSeconds = v.number('must be a time in epoch seconds');

export const listServiceDeployments = members({
  service: text,
  cluster: v.optional(text),
  status: v.optional(listOf(oneOf(SERVICE_DEPLOYMENT_STATUSES), SERVICE_DEPLOYMENT_STATUSES.length)),
  createdAt: v.optional(members({ before: v.optional(epochSeconds), after: v.optional(epochSeconds) })),
  ...paging(100),
});

export const describeServiceDeployments = members({ serviceDeploymentArns: listOf(text, 20, 1) });

export const describeServiceRevisions = members({ serviceRevisionArns: listOf(text, 20, 1) });

export const stopServiceDeployment = members({
  serviceDeploymentArn: text,
  stopType: v.optional(oneOf(['ROLLBACK'])),
});
