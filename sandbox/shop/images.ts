import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Repositories } from '../ecr/repositories.ts';
import type { Image, ImageRegistry } from '../ecs/data-plane.ts';

const RELEASES = join(import.meta.dirname, 'releases');
const REPOSITORY = 'shop';

/**
 * Every file in `releases/` is an image: `shop:<release>` and `shop@<digest>`, with or without a registry in front.
 * There is no `shop:latest`. What is removed stays so until the sandbox ends.
 * `settings` tell every task where it finds what it needs, as the names of a network would.
 */
export function shopImages(settings: Readonly<Record<string, string>> = {}): ImageRegistry & Repositories {
  const images = new Map(releaseNames().map((release) => [release, imageOf(release, settings)]));
  return {
    resolve(name) {
      const { tag, digest } = name.match(/^(?:.+\/)?shop(?::(?<tag>[\w.-]+)|@(?<digest>.+))$/)?.groups ?? {};
      return images.get(tag ?? '') ?? [...images.values()].find((image) => image.digest === digest);
    },
    imagesOf: (repository) =>
      repository === REPOSITORY
        ? [...images].map(([tag, { digest }]) => ({ tag, digest, pushedMs: changedMs(tag) }))
        : undefined,
    remove(_repository, removed) {
      for (const [tag, { digest }] of images) if (digest === removed) images.delete(tag);
    },
  };
}

function releaseNames(): string[] {
  return readdirSync(RELEASES).map((file) => basename(file, '.ts'));
}

function changedMs(release: string): number {
  return statSync(join(RELEASES, `${release}.ts`)).mtimeMs;
}

/** What every release shares. */
function programFiles(): string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts'));
  return files.filter((file) => file !== basename(import.meta.filename)).sort();
}

function imageOf(release: string, settings: Readonly<Record<string, string>>): Image {
  const hash = createHash('sha256').update(release);
  for (const file of programFiles()) hash.update(readFileSync(join(import.meta.dirname, file)));
  hash.update(readFileSync(join(RELEASES, `${release}.ts`)));
  return {
    digest: `sha256:${hash.digest('hex')}`,
    command: ['node', join(import.meta.dirname, 'main.ts')],
    environment: {
      RELEASE: release,
      SESSION_SECRET: 'signs-nothing-but-sessions-of-the-sandbox',
      // Node's own place for it: stripping the types again would double the time that a task takes to start.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
      ...settings,
    },
  };
}
