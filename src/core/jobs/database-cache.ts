import type { Database } from "../../contracts/database.ts";
import type { SharedCache } from "../../contracts/queue.ts";

/** Results in the database's own cache table. */
export function createDatabaseCache(database: Database): SharedCache {
  return {
    async get(space, key) {
      const [row] = await database.query<{ value: string }>(
        "select value from cache where space = $1 and key = $2 and expires_at > now()",
        [space, key],
      );
      return row?.value ?? null;
    },
    async put(space, key, value, lifeMs) {
      await database.query(
        `insert into cache (space, key, value, expires_at) values ($1, $2, $3, now() + $4::float8 * interval '1 millisecond')
         on conflict (space, key) do update set value = excluded.value, expires_at = excluded.expires_at`,
        [space, key, value, lifeMs],
      );
    },
  };
}
