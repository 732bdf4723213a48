import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../../base/errors.ts";
import { makeFolder } from "../../base/folder.ts";
import type { Cache } from "../../contracts/cache.ts";

const schemaVersion = 1;
/** How often a used entry's age is written again; exact ages would turn every read into a write. */
const touchAfterMs = 24 * 3_600_000;
const busyTimeoutMs = 10_000;

export interface CacheOptions {
  readonly path: string;
  readonly maxBytes: number;
  readonly now: () => number;
}

/** What is wrong with the file itself, by SQLite's result codes: corrupt, not a database, other tables (error). */
const damageCodes: ReadonlySet<number> = new Set([1, 11, 26]);
const busyCode = 5;
const busyPollMs = 10;
const fullCodes: ReadonlySet<number> = new Set([10, 13]);

/**
 * The cache in one SQLite file: safe for several processes and against a kill at any moment. A file that is
 * damaged or from another version is thrown away and begun anew, because all in it can be computed again. For the
 * same reason a failure while it is in use is a miss, or a value that is not kept, and never the end of the work.
 * @throws AppError `permission-denied`, `disk-full` when the file cannot be made
 */
export function createCache(options: CacheOptions): Cache {
  const { database, select, touch, insert } = openOrBegin(options.path);
  const stale: [string, string][] = [];
  let hasWritten = false;
  let isDamaged = false;

  /** `fallback` when SQLite fails; other failures are the caller's own. */
  function attempt<T>(work: () => T, fallback: T): T {
    if (isDamaged) return fallback;
    try {
      return work();
    } catch (error) {
      const code = sqliteCode(error);
      if (code === null) throw error;
      if (damageCodes.has(code)) isDamaged = true;
      return fallback;
    }
  }

  function get(space: string, key: string): Uint8Array | null {
    const row = attempt(() => select.get(space, key), undefined) as
      | { value: Uint8Array; used: number }
      | undefined;
    if (!row) return null;
    if (row.used < options.now() - touchAfterMs) stale.push([space, key]);
    return row.value;
  }

  function inTransaction(work: () => void): void {
    attempt(() => {
      database.exec("BEGIN IMMEDIATE");
      try {
        work();
        database.exec("COMMIT");
      } catch (error) {
        // Some failures have rolled back already.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    }, undefined);
  }

  return {
    get,
    getMany(space, keys) {
      const found = new Map<string, Uint8Array>();
      for (const key of keys) {
        const value = get(space, key);
        if (value) found.set(key, value);
      }
      return found;
    },
    putMany(space, entries) {
      hasWritten = true;
      inTransaction(() => {
        for (const [key, value] of entries) insert.run(space, key, value, options.now());
      });
    },
    close() {
      if (stale.length > 0)
        inTransaction(() => {
          for (const [space, key] of stale) touch.run(options.now(), space, key);
        });
      if (hasWritten) attempt(() => dropOldest(database, options.maxBytes), undefined);
      database.close();
      if (isDamaged) remove(options.path);
    },
  };
}

function openOrBegin(path: string): ReturnType<typeof open> {
  try {
    makeFolder(dirname(path));
    try {
      return openPatiently(path);
    } catch (error) {
      const code = sqliteCode(error);
      if (code !== null && !damageCodes.has(code)) throw error;
      remove(path);
      return openPatiently(path);
    }
  } catch (error) {
    const isFull =
      fullCodes.has(sqliteCode(error) ?? 0) || (error as NodeJS.ErrnoException).code === "ENOSPC";
    throw new AppError(
      isFull ? "disk-full" : "permission-denied",
      `The cache ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      {},
      error,
    );
  }
}

/** SQLite does not wait by itself while another process begins the same file: the change to WAL is refused at once. */
function openPatiently(path: string): ReturnType<typeof open> {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;)
    try {
      return open(path);
    } catch (error) {
      if (sqliteCode(error) !== busyCode || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyPollMs);
    }
}

function remove(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

function open(path: string) {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const { user_version: found } = database.prepare("PRAGMA user_version").get() as { user_version: number };
    if (found !== 0 && found !== schemaVersion) throw new Error(`cache has version ${found}`);
    database.exec(
      `CREATE TABLE IF NOT EXISTS entries (space TEXT, key TEXT, value BLOB NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (space, key)) WITHOUT ROWID;
       PRAGMA user_version = ${schemaVersion}`,
    );
    return {
      database,
      select: database.prepare("SELECT value, used FROM entries WHERE space = ? AND key = ?"),
      touch: database.prepare("UPDATE entries SET used = ? WHERE space = ? AND key = ?"),
      insert: database.prepare(
        "INSERT OR REPLACE INTO entries (space, key, value, used) VALUES (?, ?, ?, ?)",
      ),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite's primary result code, or null when the failure is not SQLite's. */
function sqliteCode(error: unknown): number | null {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  return code === "ERR_SQLITE_ERROR" && typeof errcode === "number" ? errcode & 0xff : null;
}

function dropOldest(database: DatabaseSync, maxBytes: number): void {
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  const { page_size: pageSize } = database.prepare("PRAGMA page_size").get() as { page_size: number };
  const { freelist_count: free } = database.prepare("PRAGMA freelist_count").get() as {
    freelist_count: number;
  };
  if ((pages - free) * pageSize <= maxBytes) return;
  database.exec(
    "DELETE FROM entries WHERE (space, key) IN (SELECT space, key FROM entries ORDER BY used LIMIT (SELECT count(*) / 4 + 1 FROM entries))",
  );
}
