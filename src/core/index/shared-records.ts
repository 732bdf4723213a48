import type { Cache } from "../../contracts/cache.ts";
import type { Database } from "../../contracts/database.ts";
import type { SharedRecords } from "../../contracts/stores.ts";

/** Rows of one statement: some megabytes. */
const rowsAtOnce = 500;

/**
 * Records between the local cache of this machine and the database that all machines share. In embedded mode there is one
 * machine, whose cache has them already: both are then no work.
 */
export function createSharedRecords(database: Database, cache: Cache): SharedRecords {
  if (database.engine === "embedded") return { pull: async () => 0, push: async () => 0 };
  return {
    async pull(space, keys) {
      let pulled = 0;
      for (const some of inParts(keys)) {
        const rows = await database.query<{ key: string; content: Uint8Array }>(
          "select key, content from index_records where space = $1 and key = any($2)",
          [space, some],
        );
        if (rows.length === 0) continue;
        cache.putMany(
          space,
          rows.map((row) => [row.key, row.content]),
        );
        await database.query(
          "update index_records set used_on = current_date where space = $1 and key = any($2) and used_on < current_date",
          [space, rows.map((row) => row.key)],
        );
        pulled += rows.length;
      }
      return pulled;
    },
    async push(space, keys) {
      let pushed = 0;
      for (const some of inParts(keys)) {
        const entries = [...cache.getMany(space, some)];
        await database.query(
          `insert into index_records (space, key, content)
           select $1, key, decode(content, 'base64') from unnest($2::text[], $3::text[]) as new (key, content)
           on conflict do nothing`,
          [space, entries.map(([key]) => key), entries.map(([, content]) => toBase64(content))],
        );
        pushed += entries.length;
      }
      return pushed;
    },
  };
}

function* inParts(keys: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < keys.length; from += rowsAtOnce) yield keys.slice(from, from + rowsAtOnce);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
