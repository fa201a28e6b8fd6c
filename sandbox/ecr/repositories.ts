/** What ECR needs of the place where images are kept. */
export interface Repositories {
  /** `undefined` when there is no such repository. */
  imagesOf(repositoryName: string): readonly StoredImage[] | undefined;
  /** From now on nobody can pull it. */
  remove(repositoryName: string, digest: string): void;
}

/** One image under the only tag that it has. */
export interface StoredImage {
  readonly tag: string;
  /** `sha256:…` */
  readonly digest: string;
  readonly pushedMs: number;
}
