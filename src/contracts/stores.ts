import type { CallLedger } from "./model-call.ts";

/** What features keep in the database. In a job process each operation is done by its worker. */
export interface Stores {
  readonly calls: CallLedger;
}

/**
 * What a job process may ask of its worker, store by store; arguments and results are plain data. An operation that is
 * not named here is refused.
 */
export const storeOperations = {
  calls: ["begin", "finish", "list", "cost", "coolDowns"],
} as const satisfies { readonly [S in keyof Stores]: readonly (keyof Stores[S])[] };

/** One operation as it is sent. */
export interface StoreRequest {
  readonly store: string;
  readonly operation: string;
  readonly args: readonly unknown[];
}
