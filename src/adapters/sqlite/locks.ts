import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../base/errors.ts";
import { makeFolder as createFolder } from "../../base/folder.ts";
import type { Locks } from "../../contracts/lock.ts";

const pollMs = 50;

/**
 * Locks held as SQLite's exclusive file lock. The operating system drops it with the process, so a kill -9 leaves
 * nothing to clean up and no process id can be mistaken for another's.
 */
export function createLocks(): Locks {
  return {
    async acquire(path, options) {
      makeFolder(dirname(path));
      const deadline = performance.now() + options.timeoutMs;
      const holderFile = `${path}.holder`;
      let told = false;
      for (;;) {
        const release = tryAcquire(path);
        if (release) {
          noteHolder(holderFile);
          return release;
        }
        if (!told) {
          told = true;
          options.onWait?.(readHolder(holderFile));
        }
        if (performance.now() > deadline)
          throw new AppError(
            "time-limit",
            `Process ${readHolder(holderFile) ?? "?"} has held ${path} longer than ${Math.round(options.timeoutMs / 1000)} s (git.lock_timeout).`,
          );
        if (options.signal?.aborted) throw new AppError("cancelled", "Cancelled.");
        await sleep(pollMs);
      }
    },
  };
}

function tryAcquire(path: string): (() => void) | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    createFolder(path);
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === "ENOSPC";
    throw new AppError(
      isFull ? "disk-full" : "permission-denied",
      `The folder ${path} cannot be made: ${error instanceof Error ? error.message : String(error)}.`,
      {},
      error,
    );
  }
}

/** Only for people to read: on a full disk the lock holds without it. */
function noteHolder(path: string): void {
  try {
    writeFileSync(path, String(process.pid));
  } catch {
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): number | null {
  try {
    return Number(readFileSync(path, "utf8")) || null;
  } catch {
    return null;
  }
}
