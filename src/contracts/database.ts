/** What can be asked of a database: one statement with its parameters (`$1` …), or a script without any. */
export interface Queryable {
  /** Rows as objects: `bigint` columns as numbers, `timestamptz` as Date, `jsonb` parsed. Parameters that are objects are sent as JSON. */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Several statements, for migrations. */
  script(sql: string): Promise<void>;
}

/**
 * The one database: PGlite in the data directory, or a PostgreSQL server. The same SQL runs on both; our tables are in
 * the schema `repowright`, which comes first in the search path.
 * @throws AppError `database-unavailable` whenever the server cannot be reached or says that it is going down
 */
export interface Database extends Queryable {
  readonly engine: "embedded" | "postgres";
  /** Rolled back when `work` rejects. Everything in it must go through `transaction`, or the embedded engine waits for itself. */
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
  /** What BullMQ's PostgreSQL backend takes: the shape of a `pg.Pool`. */
  readonly pool: PoolShape;
  /** e.g. `PostgreSQL 17.2` or `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  version(): Promise<string>;
  close(): Promise<void>;
}

export interface PoolShape {
  query(text: string, parameters?: readonly unknown[]): Promise<unknown>;
  connect(): Promise<unknown>;
  end(): Promise<void>;
  on(event: string, listener: (argument: never) => void): unknown;
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
