import type { CallLedger } from "./model-call.ts";

/** What features keep in the database. In a job process each operation is done by its worker. */
export interface Stores {
  readonly calls: CallLedger;
  readonly records: SharedRecords;
}

/**
 * What reading contents gave, shared by all machines of one database. Both work on the local cache of the machine that the
 * database is asked from, which a job process and its worker have in common; so no record travels between those two.
 */
export interface SharedRecords {
  /** Brings those of the records that the database has into the local cache. Resolves to how many. */
  pull(space: string, keys: readonly string[]): Promise<number>;
  /** Puts records of the local cache into the database, where they are not there yet. */
  push(space: string, keys: readonly string[]): Promise<number>;
}

/**
 * What a job process may ask of its worker, store by store; arguments and results are plain data. An operation that is
 * not named here is refused.
 */
export const storeOperations = {
  calls: ["begin", "finish", "list", "cost", "coolDowns"],
  records: ["pull", "push"],
} as const satisfies { readonly [S in keyof Stores]: readonly (keyof Stores[S])[] };

/** One operation as it is sent. */
export interface StoreRequest {
  readonly store: string;
  readonly operation: string;
  readonly args: readonly unknown[];
}
