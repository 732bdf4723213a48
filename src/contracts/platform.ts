import type { z } from "zod";
import type { Database } from "./database.ts";
import type { Jobs } from "./job.ts";
import type { Broadcast, Dispatcher, SharedCache } from "./queue.ts";
import type { repositorySchema } from "./repository-record.ts";
import type { Stores } from "./stores.ts";

/** What needs the database: opened with the first use, so that a plain `analyze` never waits for it. */
export interface Platform {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly repositories: RepositoryRecords;
  readonly stores: Stores;
  readonly broadcast: Broadcast;
  readonly dispatcher: Dispatcher;
  readonly cache: SharedCache;
  /** What works now; never rejects and takes at most a second. */
  health(): Promise<PlatformHealth>;
  /** Everything but the database. */
  close(): Promise<void>;
}

export interface PlatformHealth {
  readonly db: boolean;
  /** Null where no Redis is configured. */
  readonly redis: boolean | null;
  /** Whether tickets can be put and taken. */
  readonly queue: boolean;
  readonly workers: number;
}

export type RepositoryRecord = z.output<typeof repositorySchema>;

/** The repositories that were named to us. */
export interface RepositoryRecords {
  /** The record of a source, made if there is none. @throws AppError `source-invalid`, `source-refused` */
  register(
    source: string,
    options: { readonly allowsLocalSources: boolean; readonly cwd?: string },
  ): Promise<{ readonly repository: RepositoryRecord; readonly isNew: boolean }>;
  /** By time of first mention. */
  list(page: {
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly items: readonly RepositoryRecord[]; readonly nextCursor: string | null }>;
  /** @throws AppError `repository-unknown`, as do all below */
  get(id: string): Promise<RepositoryRecord>;
  /** Deletes the record and cancels its jobs that have not ended. The clone stays until the cache needs room. */
  delete(id: string): Promise<void>;
  /** JSON text of the newest analysis, of the commit if one is given. @throws AppError `analysis-unknown` */
  analysis(id: string, commit: string | null): Promise<string>;
}
