/** The parts of dynalite 4 that the sandbox calls. dynalite has no types of its own. */

declare module 'dynalite/db/index.js' {
  export type Json = Record<string, unknown>;
  export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  export interface Range {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }
  export interface Rows<T> {
    nextv(size: number): Promise<T[]>;
    all(): Promise<T[]>;
    close(): Promise<void>;
  }
  /** The Level database that dynalite opens: keys are text, values are JSON. */
  export interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    getSync(key: string): unknown;
    batch(operations: readonly BatchOperation[]): Promise<void>;
    clear(range: Range): Promise<void>;
    keys(range: Range): Rows<string>;
    values(range: Range): Rows<unknown>;
    iterator(range: Range): Rows<[string, unknown]>;
  }
  export interface Options {
    path: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }
  const db: {
    create(options: Options): {
      db: Level;
      options: Options & { maxItemSize: number };
      tableDb: { awsAccountId: string; awsRegion: string };
    };
    itemSize(item: Json): number;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  export interface Validation {
    types: Record<string, unknown>;
    custom?: (data: Record<string, unknown>, store: object) => string | undefined;
  }
  const validations: {
    checkTypes(data: Record<string, unknown>, types: Validation['types']): Record<string, unknown>;
    checkValidations(
      data: Record<string, unknown>,
      types: Validation['types'],
      custom: Validation['custom'],
      store: object,
    ): void;
  };
  export default validations;
}
