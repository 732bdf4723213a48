import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEmbeddedDatabase } from "../../src/adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../../src/adapters/postgres/postgres-database.ts";
import { createCache } from "../../src/adapters/sqlite/cache.ts";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";
import { createPlatform } from "../../src/composition/platform.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Cache } from "../../src/contracts/cache.ts";
import type { Database } from "../../src/contracts/database.ts";
import type { JobDefinitions } from "../../src/contracts/job.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import { migrate, readMigrations } from "../../src/core/database/migrate.ts";
import { serversAvailable, startPostgres, startRedis, type TestPostgres, type TestRedis } from "./servers.ts";
import { silentLog } from "./silent-log.ts";

/** The three modes in which the same code runs. */
export const modes = ["embedded", "postgres", "postgres + redis"] as const;
export type Mode = (typeof modes)[number];

export interface TestMode {
  /** A platform on the same state each time; closed with the mode. */
  open(kinds: JobDefinitions, settings?: Readonly<Record<string, string>>): Promise<Platform>;
  readonly postgres: TestPostgres | null;
  readonly redis: TestRedis | null;
  readonly folder: string;
  /** As settings of the program. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export function canRun(mode: Mode): boolean {
  const available = serversAvailable();
  return mode === "embedded" || (available.postgres && (mode === "postgres" || available.redis));
}

/** Empty state in one of the modes, on real servers. */
export async function startMode(mode: Mode): Promise<TestMode> {
  const folder = mkdtempSync(join(tmpdir(), "repowright-mode-"));
  const postgres = mode === "embedded" ? null : await startPostgres();
  const redis = mode === "postgres + redis" ? await startRedis() : null;
  const databaseUrl = (await postgres?.createDatabase()) ?? "";
  if (redis) await redis.flush();
  const settings = { "database.url": databaseUrl, "redis.url": redis?.url ?? "", data_dir: folder };
  const open = new Map<Platform, Database>();
  const caches: Cache[] = [];
  return {
    postgres,
    redis,
    folder,
    settings,
    async open(kinds, more = {}) {
      const config = loadConfig({
        environment: { HOME: folder },
        flags: { ...settings, ...more },
        cwd: folder,
      }).values;
      const database =
        mode === "embedded"
          ? await openEmbeddedDatabase({
              directory: join(folder, "database"),
              workerUrl: new URL("../../src/database-worker.ts", import.meta.url),
            })
          : await openPostgresDatabase({ url: databaseUrl, connections: 10, carriesQueue: redis === null });
      const cache = createCache({
        path: join(folder, `cache-${caches.length}.sqlite`),
        maxBytes: 2 ** 28,
        now: Date.now,
      });
      caches.push(cache);
      await migrate(database, readMigrations(fileURLToPath(new URL("../../migrations", import.meta.url))));
      const platform = await createPlatform({
        config,
        database,
        kinds,
        log: silentLog,
        metrics: createMetrics(),
        cache,
      });
      open.set(platform, database);
      return platform;
    },
    async close() {
      for (const [platform, database] of open) {
        await platform.close().catch(() => {});
        await database.close().catch(() => {});
      }
      for (const cache of caches) cache.close();
      await postgres?.close();
      await redis?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
