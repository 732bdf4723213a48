import { AppError } from "../../base/errors.ts";
import type { Config } from "../../config/schema.ts";
import type { Database, DatabaseTools, EmbeddedDatabase, Migration } from "../../contracts/database.ts";
import type { Locks } from "../../contracts/lock.ts";
import { backupDatabase, recognise, restoreBackup } from "./backup.ts";
import { migrate, type Migrated } from "./migrate.ts";
import { copyDatabase } from "./move.ts";
import { openEmbedded, type EmbeddedPorts, type EngineUse } from "./open-embedded.ts";
import { restoreEmbedded } from "./restore.ts";

export interface DatabasePorts {
  readonly config: Config;
  readonly openEngine: (directory: string, use: EngineUse) => Promise<EmbeddedDatabase>;
  readonly openServer: (url: string) => Promise<Database>;
  readonly locks: Locks;
  /** Called with the first use. */
  readonly migrations: () => readonly Migration[];
  /** For addresses that may not stand on a command line. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

interface Opened {
  readonly database: Database;
  readonly migrated: Migrated;
  readonly close: () => Promise<void>;
}

export function createDatabaseTools(ports: DatabasePorts): DatabaseTools {
  const { config, openServer, environment, now } = ports;
  const dataDir = config["data_dir"];
  const url = config["database.url"];

  function embeddedPorts(): EmbeddedPorts {
    return {
      openEngine: ports.openEngine,
      locks: ports.locks,
      migrations: ports.migrations(),
      ballastBytes: config["database.ballast_bytes"],
    };
  }

  /** A server's database at the newest version, or at an older one. */
  async function openMigrated(address: string, version?: number): Promise<Opened> {
    const database = await openServer(address);
    try {
      const migrated = await migrate(database, ports.migrations().slice(0, version));
      return { database, migrated, close: () => database.close() };
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async function using<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = await (url === "" ? openEmbedded(dataDir, embeddedPorts()) : openMigrated(url));
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  }

  return {
    migrate: () =>
      using(async ({ database, migrated }) => ({ ...migrated, database: await database.version() })),
    backup: (file, options) =>
      using(({ database, migrated }) =>
        backupDatabase(database, file, { version: migrated.version, now: now() }, options),
      ),
    async restore(file, options) {
      const kind = await recognise(file);
      const newest = ports.migrations().length;
      if (kind !== "snapshot" && kind.version > newest)
        throw new AppError(
          "database-newer",
          `${file} is at version ${kind.version}; this Repowright knows up to ${newest}.`,
        );
      if (url === "")
        return await restoreIntoFolder(file, kind === "snapshot" ? null : kind.version, options);
      if (kind === "snapshot")
        throw new AppError(
          "backup-invalid",
          `${file} is a snapshot of the embedded database, which no server can read. Restore it without database.url, then run \`repowright db move\`.`,
        );
      // Tables are filled as they were when the backup was made; then they are brought forward.
      const { database } = await openMigrated(url, kind.version);
      try {
        const report = await restoreBackup(database, file, options);
        await migrate(database, ports.migrations());
        return { ...report, keptAside: null };
      } finally {
        await database.close();
      }
    },
    async move(variable, options) {
      const target = environment[variable] ?? "";
      if (target === "")
        throw new AppError(
          "usage",
          `The environment variable ${variable} must hold the address of the target.`,
        );
      return await using(async ({ database }) => {
        const { database: to } = await openMigrated(target);
        try {
          return await copyDatabase(database, to, options);
        } finally {
          await to.close();
        }
      });
    },
  };

  async function restoreIntoFolder(
    file: string,
    version: number | null,
    options: Parameters<DatabaseTools["restore"]>[1],
  ): ReturnType<DatabaseTools["restore"]> {
    let report = { tables: 0, rows: 0 };
    const older = { ...embeddedPorts(), migrations: ports.migrations().slice(0, version ?? undefined) };
    const keptAside = await restoreEmbedded(
      {
        dataDir,
        snapshot: version === null ? file : null,
        fill: async (database) => {
          if (version !== null) report = await restoreBackup(database, file, options);
        },
        now,
      },
      older,
    );
    // Brings an older one forward, and shows that what is in place now opens.
    const opened = await openEmbedded(dataDir, embeddedPorts());
    await opened.close();
    return { ...report, keptAside };
  }
}
