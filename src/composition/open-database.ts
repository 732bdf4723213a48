import { fileURLToPath } from "node:url";
import { openEmbeddedDatabase } from "../adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../adapters/postgres/postgres-database.ts";
import type { Config } from "../config/schema.ts";
import type { Database } from "../contracts/database.ts";
import type { Locks } from "../contracts/lock.ts";
import type { Log } from "../contracts/log.ts";
import { scheduleMaintenance } from "../core/database/maintenance.ts";
import { migrate, readMigrations } from "../core/database/migrate.ts";
import { openEmbedded, type EmbeddedPorts, type OpenedEmbedded } from "../core/database/open-embedded.ts";
import { scheduleSnapshots, snapshotFolder } from "../core/database/snapshots.ts";

export interface OpenDatabaseInput {
  readonly config: Config;
  readonly locks: Locks;
  /** Entry of the embedded engine's thread. */
  readonly workerUrl: URL;
  readonly migrationsUrl: URL;
  readonly log: Log;
  readonly onQuery: (durationMs: number) => void;
}

export interface OpenedDatabase {
  readonly database: Database;
  /** Starts what an embedded database needs while it is used for long; a server has that of its own. Returns what stops it. */
  readonly care: () => () => void;
  close(): Promise<void>;
}

const maintenanceMs = 5 * 60_000;

/** The database of the configuration, at the newest version. @throws AppError those of `Services.platform` */
export async function openDatabase(input: OpenDatabaseInput): Promise<OpenedDatabase> {
  const { config } = input;
  if (config["database.url"] === "") {
    const opened = await openEmbedded(config["data_dir"], embeddedPorts(input));
    return {
      database: opened.database,
      care: () => careFor(opened, input),
      close: opened.close,
    };
  }
  const database = await openPostgresDatabase({
    url: config["database.url"],
    connections: config["database.connections"],
    carriesQueue: config["redis.url"] === "",
    onQuery: input.onQuery,
  });
  try {
    await migrate(database, readMigrations(fileURLToPath(input.migrationsUrl)));
  } catch (error) {
    await database.close();
    throw error;
  }
  return { database, care: () => () => {}, close: () => database.close() };
}

function embeddedPorts(input: OpenDatabaseInput): EmbeddedPorts {
  return {
    openEngine: (directory, use) =>
      openEmbeddedDatabase({ directory, workerUrl: input.workerUrl, onQuery: input.onQuery, ...use }),
    locks: input.locks,
    migrations: readMigrations(fileURLToPath(input.migrationsUrl)),
    ballastBytes: input.config["database.ballast_bytes"],
  };
}

function careFor({ database, ballast }: OpenedEmbedded, { config, log }: OpenDatabaseInput): () => void {
  const stops = [
    scheduleMaintenance({
      database,
      ballast,
      everyMs: maintenanceMs,
      onError: (error) => log.warn("maintenance of the embedded database failed, will try again", { error }),
    }),
    scheduleSnapshots({
      database,
      folder: snapshotFolder(config["data_dir"]),
      kept: config["database.snapshots_kept"],
      everyMs: config["database.snapshot_every"],
      now: Date.now,
      onError: (error) => log.warn("no snapshot was taken, will try again", { error }),
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
