import type { Gap } from '../gap.ts';
import { type Check, judged } from './check.ts';

/** An image of a release: as it is written, and what it was when it was pulled. */
export interface ImageReference {
  readonly image: string;
  /** `null` when the target does not tell it. */
  readonly digest: string | null;
}

/** What the registry says of an image. */
export type ImageFound =
  | { readonly kind: 'there'; readonly digest: string }
  | { readonly kind: 'missing'; readonly reason: string }
  /** A registry that this product cannot ask. */
  | { readonly kind: 'not-asked'; readonly registry: string };

export interface LookedUp extends ImageReference {
  readonly found: ImageFound;
}

/** The last healthy release must still be pullable, or the way back ends at the registry. */
export function lastHealthyPullable(images: readonly LookedUp[], trusted: readonly string[]): Check {
  return pullable('last-healthy-image', images, trusted);
}

/** What only deploying it tells cannot be looked up before; the pipeline would fail by itself, and the drill end as undetected. */
export function knownBadPullable(images: readonly LookedUp[] | null, trusted: readonly string[]): Check {
  const name = 'known-bad-image';
  if (images) return pullable(name, images, trusted);
  return judged(name, true, 'the pipeline names it when it deploys the known-bad release; not looked up');
}

/** A tag is not the image: whoever moves it changes what a task gets that starts on the way back. */
export function mutableTags(images: readonly ImageReference[]): Gap | null {
  const tagged = images.filter(({ image }) => !image.includes('@'));
  if (tagged.length === 0) return null;
  return {
    code: 'mutable-image-tag',
    severity: 'notice',
    message: 'the last healthy release names images by tags, and a tag can be moved',
    evidence: tagged.map(({ image, digest }) => `${image}${remedy(image, digest)}`).join('; '),
  };
}

function remedy(image: string, digest: string | null): string {
  return digest === null ? ', by digest it cannot be moved' : `, by digest ${nameOf(image)}@${digest}`;
}

/** Without the tag: a colon before the last slash is that of a port. */
function nameOf(image: string): string {
  return image.replace(/:[^:/]*$/, '');
}

/**
 * Every image must be in its registry. One whose registry cannot be asked refuses, unless the plan answers for that
 * registry: then it is the team that has looked, and the reason says so.
 */
function pullable(name: string, images: readonly LookedUp[], trusted: readonly string[]): Check {
  if (images.length === 0) return judged(name, false, 'the release names no image; at least 1 is allowed');
  const told = images.map((image) => ({ image, ...verdictOn(image, trusted) }));
  const wrong = told.filter(({ holds }) => !holds);
  const shown = wrong.length > 0 ? wrong : told;
  return judged(name, wrong.length === 0, shown.map(({ reason }) => reason).join('; '));
}

function verdictOn({ image, digest, found }: LookedUp, trusted: readonly string[]) {
  const what = digest ? `${image} (${digest})` : image;
  switch (found.kind) {
    case 'there':
      return { holds: true, reason: `${what} is in its registry` };
    case 'missing':
      return {
        holds: false,
        reason: `${what} cannot be pulled: ${found.reason}; it must be in its registry`,
      };
    case 'not-asked':
      return trusted.includes(found.registry)
        ? { holds: true, reason: `${what}: ${found.registry} cannot be asked; the plan answers for it` }
        : {
            holds: false,
            reason: `${what}: ${found.registry} cannot be asked whether it is there; allowed are Amazon ECR and registries for which the plan answers (guardrails.trustedRegistries)`,
          };
    default:
      return found satisfies never;
  }
}
