import { existsSync, renameSync, rmSync } from "node:fs";
import { AppError, isAppError } from "../../base/errors.ts";
import type { EmbeddedDatabase } from "../../contracts/database.ts";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { syncFolder, toDiskError } from "./disk.ts";
import { databaseFolder, openFolder, restoredFolder, type EmbeddedPorts } from "./open-embedded.ts";

export interface RestoreOptions {
  readonly dataDir: string;
  /** A snapshot that the fresh database begins with; null: it begins empty, and `fill` fills it. */
  readonly snapshot: string | null;
  readonly fill?: (database: EmbeddedDatabase) => Promise<void>;
  readonly now: () => number;
}

/**
 * Puts another database into the data directory. It is made and checked beside the old one, which stays as it is if
 * that fails and is kept aside if not; a kill in between leaves one or the other. Resolves to where the old one is, or
 * null if there was none.
 * @throws AppError `backup-invalid`, `database-newer`, `data-directory-locked`, `disk-full`, `permission-denied`
 */
export async function restoreEmbedded(options: RestoreOptions, ports: EmbeddedPorts): Promise<string | null> {
  const { dataDir, snapshot, fill } = options;
  const release = await lockDataDirectory(dataDir, ports.locks);
  const folder = databaseFolder(dataDir);
  const fresh = `${folder}.restoring`;
  try {
    rmSync(fresh, { recursive: true, force: true });
    await make(fresh, snapshot, fill, ports);
    const old = existsSync(folder)
      ? `${folder}.before-restore-${new Date(options.now()).toISOString().replaceAll(":", "-")}`
      : null;
    rmSync(restoredFolder(dataDir), { recursive: true, force: true });
    // From here on a kill is no harm: opening completes what is under this name.
    renameSync(fresh, restoredFolder(dataDir));
    if (old !== null) renameSync(folder, old);
    renameSync(restoredFolder(dataDir), folder);
    syncFolder(dataDir);
    return old;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw toDiskError(error, `The database in ${dataDir}`);
  } finally {
    release();
  }
}

async function make(
  fresh: string,
  snapshot: string | null,
  fill: RestoreOptions["fill"],
  ports: EmbeddedPorts,
): Promise<void> {
  try {
    const { database } = await openFolder(fresh, ports, snapshot === null ? {} : { loadFrom: snapshot });
    try {
      await fill?.(database);
    } finally {
      await database.close();
    }
    // What opens once after closing opens again.
    const again = await openFolder(fresh, ports);
    await again.database.close();
  } catch (error) {
    // The engine cannot say more about a file that is not one of its own.
    if (snapshot !== null && isAppError(error, "database-unavailable"))
      throw new AppError(
        "backup-invalid",
        `${snapshot} is no snapshot, or damaged: ${error.message}`,
        {},
        error,
      );
    throw error;
  }
}
