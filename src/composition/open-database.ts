import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEmbeddedDatabase } from "../adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../adapters/postgres/postgres-database.ts";
import type { Config } from "../config/schema.ts";
import type { Database } from "../contracts/database.ts";
import type { Locks } from "../contracts/lock.ts";
import { migrate, readMigrations } from "../core/database/migrate.ts";

export interface OpenDatabaseInput {
  readonly config: Config;
  readonly locks: Locks;
  readonly workerUrl: URL;
  readonly migrationsUrl: URL;
  readonly onQuery: (durationMs: number) => void;
}

/** The database of the configuration, opened and migrated. @throws AppError those of `Services.platform` */
export async function openDatabase(input: OpenDatabaseInput): Promise<Database> {
  const { config, onQuery } = input;
  const url = config["database.url"];
  const database =
    url === ""
      ? await openEmbedded(input)
      : await openPostgresDatabase({
          url,
          connections: config["database.connections"],
          carriesQueue: config["redis.url"] === "",
          onQuery,
        });
  try {
    await migrate(database, readMigrations(fileURLToPath(input.migrationsUrl)));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openEmbedded(input: OpenDatabaseInput): Promise<Database> {
  const folder = input.config["data_dir"];
  mkdirSync(folder, { recursive: true });
  const release = await input.locks.acquire(join(folder, "database.lock"), { timeoutMs: 0 });
  const database = await openEmbeddedDatabase({
    directory: join(folder, "database"),
    workerUrl: input.workerUrl,
    onQuery: input.onQuery,
  });
  return {
    ...database,
    async close() {
      await database.close();
      release();
    },
  };
}
