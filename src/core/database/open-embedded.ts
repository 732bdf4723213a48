import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError, isAppError } from "../../base/errors.ts";
import { makeFolder } from "../../base/folder.ts";
import type { EmbeddedDatabase, Migration } from "../../contracts/database.ts";
import type { Locks } from "../../contracts/lock.ts";
import { createBallast, type Ballast } from "./ballast.ts";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { assertWritable, freeBytes, syncFolder, toDiskError, writeWhole } from "./disk.ts";
import { migrate, type Migrated } from "./migrate.ts";

export interface EmbeddedPorts {
  readonly openEngine: (directory: string, options: EngineUse) => Promise<EmbeddedDatabase>;
  readonly locks: Locks;
  readonly migrations: readonly Migration[];
  readonly ballastBytes: number;
}

export interface EngineUse {
  /** A dump that the empty folder gets first. */
  readonly loadFrom?: string;
  /** Called before an engine that broke is started again. */
  readonly beforeRestart?: () => void;
}

export interface OpenedEmbedded {
  readonly database: EmbeddedDatabase;
  readonly ballast: Ballast;
  readonly migrated: Migrated;
  /** Closes the database and gives the data directory back. */
  readonly close: () => Promise<void>;
}

/** With less than this PostgreSQL may fail to start in ways that do not name the disk. */
const scarceBytes = 20 * 2 ** 20;
/** Written when a first opening is over: without it the folder is what a kill left of one. */
const readyMark = "repowright.ready";

/**
 * The embedded database of a data directory, at the newest version, for this process alone.
 * @throws AppError `data-directory-locked`, `permission-denied`, `disk-full`, `database-unavailable`, those of `migrate`
 */
export async function openEmbedded(dataDir: string, ports: EmbeddedPorts): Promise<OpenedEmbedded> {
  makeDataDirectory(dataDir);
  const ballast = createBallast(join(dataDir, "database.ballast"), ports.ballastBytes);
  // The lock's own small file needs room too.
  if (freeBytes(dataDir) === 0) ballast.free();
  const release = await lockDataDirectory(dataDir, ports.locks);
  try {
    assertWritable(dataDir);
    const beforeRestart = (): void => {
      if (freeBytes(dataDir) < scarceBytes) ballast.free();
    };
    const opened = await withReserve(dataDir, ballast, () => openReady(dataDir, ports, { beforeRestart }));
    const { migrated } = opened;
    const database = givingWay(opened.database, ballast);
    const making = ballast.make();
    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      await database.close();
      await making;
      release();
    };
    return { database, ballast, migrated, close: () => (closing ??= close()) };
  } catch (error) {
    release();
    throw error;
  }
}

/** Where the engine's files lie. */
export function databaseFolder(dataDir: string): string {
  return join(dataDir, "database");
}

/** A restored folder that has not taken its place yet; see `restore.ts`. */
export function restoredFolder(dataDir: string): string {
  return join(dataDir, "database.restored");
}

/** Opens the engine on a folder, which then is ready for good, and brings its tables to the newest version. */
export async function openFolder(
  folder: string,
  ports: EmbeddedPorts,
  use: EngineUse = {},
): Promise<{ readonly database: EmbeddedDatabase; readonly migrated: Migrated }> {
  const database = await ports.openEngine(folder, use);
  try {
    const migrated = await migrate(database, ports.migrations);
    const mark = join(folder, readyMark);
    if (!existsSync(mark)) await writeWhole(mark, []);
    return { database, migrated };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openReady(
  dataDir: string,
  ports: EmbeddedPorts,
  use: EngineUse,
): ReturnType<typeof openFolder> {
  const folder = databaseFolder(dataDir);
  if (existsSync(restoredFolder(dataDir))) {
    // A restore was killed at its very end: complete it, or forget it where the old database never left.
    if (existsSync(folder)) rmSync(restoredFolder(dataDir), { recursive: true });
    else renameSync(restoredFolder(dataDir), folder);
    syncFolder(dataDir);
  }
  if (existsSync(folder) && !existsSync(join(folder, readyMark)) && readdirSync(folder).length > 0) {
    // Nobody was ever told of anything in it. Still not deleted: the mark may have been lost by other hands.
    rmSync(`${folder}.unfinished`, { recursive: true, force: true });
    renameSync(folder, `${folder}.unfinished`);
  }
  // The engine would only say that it did not start.
  if (existsSync(folder)) assertWritable(folder);
  const opened = await openFolder(folder, ports, use);
  rmSync(`${folder}.unfinished`, { recursive: true, force: true });
  return opened;
}

/** The database, which gives up the reserve when a write finds the disk full; what can be done again is. */
function givingWay(database: EmbeddedDatabase, ballast: Ballast): EmbeddedDatabase {
  async function retried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isAppError(error, "disk-full") && ballast.free()) return await work();
      throw error;
    }
  }
  return {
    ...database,
    query: (sql, parameters) => retried(() => database.query(sql, parameters)),
    script: (sql) => retried(() => database.script(sql)),
    async transaction(work) {
      try {
        return await database.transaction(work);
      } catch (error) {
        // What `work` did besides may not bear repeating.
        if (isAppError(error, "disk-full")) ballast.free();
        throw error;
      }
    },
  };
}

/** Tries again with the reserve given up where the disk is what is in the way. */
async function withReserve<T>(dataDir: string, ballast: Ballast, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFull = freeBytes(dataDir) < scarceBytes && isAppError(error, "database-unavailable", "disk-full");
    if (isFull && ballast.free()) return await work();
    if (!isFull) throw toDiskError(error, `The database in ${dataDir}`);
    throw new AppError(
      "disk-full",
      `The database in ${dataDir} cannot be opened: the disk is full.`,
      {},
      error,
    );
  }
}

function makeDataDirectory(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const known = toDiskError(error, `The data folder ${folder} (data_dir)`);
    if (known instanceof AppError) throw known;
    // On a read-only file system Node says that there is no such folder.
    throw new AppError(
      "permission-denied",
      `The data folder ${folder} (data_dir) cannot be made.`,
      {},
      error,
    );
  }
}
