/** Whether the rollback path is another than the one that was last rehearsed; `null` when that is not known. */
export interface PathChange {
  readonly changed: boolean | null;
  readonly reason: string;
}
