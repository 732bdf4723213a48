import type { OnProgress } from "./repository.ts";

/** What can be asked of a database: one statement with its parameters (`$1` …), or a script without any. */
export interface Queryable {
  /**
   * Runs one statement. Rows are objects: `bigint` as number, `timestamptz` as Date, `jsonb` parsed, `numeric` as text.
   * Parameters: arrays are SQL arrays (`= any($1)`, `unnest($1::text[])`), Date is `timestamptz`, Uint8Array `bytea`, other
   * objects are sent as JSON. So JSON that may be an array, a string or null is sent as `JSON.stringify(value)` to
   * `$1::jsonb`.
   * @throws AppError those of `Database`; else a `SqlFailure`
   */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Several statements, for migrations. */
  script(sql: string): Promise<void>;
}

/** What the database says against a statement. */
export interface SqlFailure extends Error {
  /** SQLSTATE, e.g. `23505` for a duplicate. */
  readonly code: string;
  /** The constraint that was violated. */
  readonly constraint?: string | undefined;
  readonly detail?: string | undefined;
}

/**
 * The one database: PGlite in the data directory, or a PostgreSQL server. The same SQL runs on both; our tables are in
 * the schema `repowright`, which comes first in the search path (BullMQ's, in `bullmq`, come second).
 * @throws AppError `database-unavailable` whenever the server cannot be reached, says that it is going down or takes too
 * long; `disk-full`
 */
export interface Database extends Queryable {
  readonly engine: "embedded" | "postgres";
  /**
   * Rolled back when `work` rejects, and when a statement in it failed, even if `work` swallowed that. Everything in it
   * must go through `transaction`, or the embedded engine waits for itself; while it lasts nobody else is served there.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /**
   * Calls `onMessage` for each NOTIFY on `channel`, and `onGap` after a lost connection is back: messages may have been
   * missed. Resolves, when listening, to what stops it.
   */
  listen(
    channel: string,
    onMessage: (payload: string) => void,
    onGap: () => void,
  ): Promise<() => Promise<void>>;
  /** What BullMQ's PostgreSQL backend takes: the shape of a `pg.Pool`. Errors are the driver's own. */
  readonly pool: PoolShape;
  /** e.g. `PostgreSQL 17.2` or `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  version(): Promise<string>;
  close(): Promise<void>;
}

export interface PoolShape {
  query(text: string, parameters?: readonly unknown[]): Promise<unknown>;
  connect(): Promise<unknown>;
  end(): Promise<void>;
  on(event: string, listener: (argument: unknown) => void): unknown;
}

/** What only the embedded database can: copies of itself while it runs. */
export interface EmbeddedDatabase extends Database {
  /** The whole database as a gzipped tar, consistent at one moment. */
  dump(): Promise<Uint8Array>;
}

/** One file of `migrations/`. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  /** `0001_jobs`. */
  readonly name: string;
  readonly sql: string;
}

/** What a person does with the database as a whole. Each opens what it needs and closes it again. */
export interface DatabaseTools {
  /**
   * Brings the tables to the newest version.
   * @throws AppError those of `Database`, `data-directory-locked`, `permission-denied`, `database-newer`,
   * `database-invalid`, as do all below
   */
  migrate(): Promise<MigrationReport>;
  /** Writes our tables to a file that `restore` reads on either engine. */
  backup(file: string, options: CopyOptions): Promise<CopyReport>;
  /**
   * Fills the database from a backup or a snapshot. An embedded one is replaced and the old one kept aside; on a server
   * our tables must be empty. @throws AppError `backup-invalid`
   */
  restore(file: string, options: CopyOptions): Promise<CopyReport & { readonly keptAside: string | null }>;
  /**
   * Copies the configured database into the empty one whose address the environment variable holds; the source stays as
   * it is. @throws AppError `usage` when the variable is not set
   */
  move(variable: string, options: CopyOptions): Promise<CopyReport>;
}

export interface CopyOptions {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface CopyReport {
  readonly tables: number;
  readonly rows: number;
}

export interface MigrationReport {
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[];
  /** The version that the database is at. */
  readonly version: number;
  /** Whether pgvector is there. */
  readonly hasVector: boolean;
  readonly database: string;
}
