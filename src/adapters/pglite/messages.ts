/** What the main thread asks of the engine's thread. */
export type EngineRequest = { readonly id: number } & EngineTask;

export type EngineTask =
  | {
      readonly kind: "query";
      readonly sql: string;
      readonly parameters: readonly (string | null)[];
      readonly integers: Integers;
    }
  | { readonly kind: "script"; readonly sql: string; readonly integers: Integers }
  | { readonly kind: "dump" }
  | { readonly kind: "close" };

/** How `bigint` columns come: as we like them, or as `pg` gives them. */
export type Integers = "number" | "text";

/** What the engine's thread says. */
export type EngineReply =
  | { readonly kind: "opened"; readonly version: string }
  | { readonly kind: "done"; readonly id: number; readonly results: readonly EngineResult[] }
  | { readonly kind: "dumped"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly id: number; readonly failure: EngineFailure }
  /** The engine is beyond use; the thread ends. */
  | { readonly kind: "broken"; readonly failure: EngineFailure }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string };

export interface EngineResult {
  readonly command: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number;
}

export interface EngineFailure {
  readonly message: string;
  /** SQLSTATE, or the name of a system error such as `ENOSPC`. */
  readonly code: string | null;
  /** Further fields of a database error: `constraint`, `detail`, `table` … */
  readonly fields: Readonly<Record<string, string>>;
}

export interface EngineOptions {
  readonly directory: string;
  /** A dump to fill the empty directory with. */
  readonly loadFrom: string | null;
  readonly searchPath: string;
  /** Schemas to make where they are missing. */
  readonly schemas: readonly string[];
}
