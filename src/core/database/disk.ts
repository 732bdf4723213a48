import { accessSync, constants, openSync, closeSync, fsyncSync, statfsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../base/errors.ts";

/** Bytes that an ordinary user may still write where `path` lies. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Writes a file so that it is there wholly or not at all, also after a power failure. */
export async function writeWhole(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, "w", 0o600);
    try {
      for await (const chunk of content) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes renames in the folder survive a power failure. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws AppError `permission-denied` */
export function assertWritable(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError(
      "permission-denied",
      `The data folder ${folder} (data_dir) cannot be written.`,
      {},
      error,
    );
  }
}

/** A failure of the file system as ours; others as they are. */
export function toDiskError(error: unknown, what: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (error instanceof AppError) return error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new AppError("disk-full", `${what}: the disk is full.`, {}, error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new AppError("permission-denied", `${what}: it cannot be written.`, {}, error);
  return error;
}
