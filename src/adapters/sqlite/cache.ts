import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
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

/**
 * The cache in one SQLite file: safe for several processes and against a kill at any moment. A file that is
 * damaged or from another version is thrown away and begun anew, because all in it can be computed again.
 */
export function createCache(options: CacheOptions): Cache {
  mkdirSync(dirname(options.path), { recursive: true });
  let database: DatabaseSync;
  try {
    database = open(options.path);
  } catch {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(options.path + suffix, { force: true });
    database = open(options.path);
  }
  const select = database.prepare("SELECT value, used FROM entries WHERE space = ? AND key = ?");
  const touch = database.prepare("UPDATE entries SET used = ? WHERE space = ? AND key = ?");
  const insert = database.prepare("INSERT OR REPLACE INTO entries (space, key, value, used) VALUES (?, ?, ?, ?)");
  const stale: [string, string][] = [];
  let hasWritten = false;

  function get(space: string, key: string): Uint8Array | null {
    const row = select.get(space, key) as { value: Uint8Array; used: number } | undefined;
    if (!row) return null;
    if (row.used < options.now() - touchAfterMs) stale.push([space, key]);
    return row.value;
  }

  function inTransaction(work: () => void): void {
    database.exec("BEGIN IMMEDIATE");
    try {
      work();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
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
      if (hasWritten) dropOldest(database, options.maxBytes);
      database.close();
    },
  };
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const { user_version: found } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (found !== 0 && found !== schemaVersion) {
    database.close();
    throw new Error(`cache has version ${found}`);
  }
  database.exec(
    `CREATE TABLE IF NOT EXISTS entries (space TEXT, key TEXT, value BLOB NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (space, key)) WITHOUT ROWID;
     PRAGMA user_version = ${schemaVersion}`,
  );
  return database;
}

function dropOldest(database: DatabaseSync, maxBytes: number): void {
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  const { page_size: pageSize } = database.prepare("PRAGMA page_size").get() as { page_size: number };
  const { freelist_count: free } = database.prepare("PRAGMA freelist_count").get() as { freelist_count: number };
  if ((pages - free) * pageSize <= maxBytes) return;
  database.exec("DELETE FROM entries WHERE (space, key) IN (SELECT space, key FROM entries ORDER BY used LIMIT (SELECT count(*) / 4 + 1 FROM entries))");
}
