import { join } from "node:path";
import { AppError, isAppError } from "../../base/errors.ts";
import type { Locks } from "../../contracts/lock.ts";
import { assertWritable, toDiskError } from "./disk.ts";

/** A process that is just ending is waited for; a second `serve` is refused within a second. */
const waitMs = 400;

/**
 * Makes this process the only one that uses the database of the data directory: two engines in one folder destroy it
 * without an error. Resolves to what gives the directory back.
 * @throws AppError `data-directory-locked`, `permission-denied`, `disk-full`
 */
export async function lockDataDirectory(dataDir: string, locks: Locks): Promise<() => void> {
  let holder: number | null = null;
  try {
    return await locks.acquire(join(dataDir, "database.lock"), {
      timeoutMs: waitMs,
      onWait: (pid) => (holder = pid),
    });
  } catch (error) {
    if (isAppError(error, "time-limit"))
      throw new AppError(
        "data-directory-locked",
        `Process ${holder ?? "?"} uses the database in ${dataDir}.`,
        { pid: holder, dataDir },
        error,
      );
    if (!(error instanceof AppError)) assertWritable(dataDir);
    throw toDiskError(error, `The data folder ${dataDir} (data_dir)`);
  }
}
