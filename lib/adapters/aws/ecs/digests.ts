import { type Container, DescribeServiceRevisionsCommand } from '@aws-sdk/client-ecs';
import type { Digests } from '../../../drill/validations/version-uniformity.ts';
import type { EcsService } from './target.ts';

/** What a revision runs, by container. None for a release that was captured from a service that tells no revisions. */
export async function digestsOfRevision({ ecs }: EcsService, revision: string): Promise<Digests> {
  if (!revision.startsWith('arn:')) return {};
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }),
  );
  const images = serviceRevisions?.[0]?.containerImages ?? [];
  return digestsOf(images.map(({ containerName, ...image }) => ({ name: containerName, ...image })));
}

type Imaged = { readonly [Key in 'name' | 'image' | 'imageDigest']?: Container[Key] };

/** An image that is named by its digest is what its name says. */
export function digestsOf(containers: readonly Imaged[]): Digests {
  return Object.fromEntries(
    containers.flatMap(({ name, image, imageDigest }) =>
      name === undefined ? [] : [[name, imageDigest ?? image?.split('@')[1] ?? null]],
    ),
  );
}
