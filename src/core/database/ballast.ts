import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { freeBytes, writeWhole } from "./disk.ts";

/**
 * Disk space held in reserve. PostgreSQL needs room to start, so on a disk that is full to the last block a database
 * that was killed would not open again; the reserve is given up for that.
 */
export interface Ballast {
  /** Takes the space if three times as much is free. Whether there is a reserve now. */
  make(): Promise<boolean>;
  /** Gives the space back. Whether there was any. */
  free(): boolean;
}

const chunkBytes = 2 ** 20;
/** Making the reserve must not be what fills the disk. */
const roomFactor = 3;

/** `sizeBytes` 0: never a reserve. */
export function createBallast(path: string, sizeBytes: number): Ballast {
  function sizeNow(): number {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  function free(): boolean {
    const isThere = sizeNow() > 0;
    rmSync(path, { force: true });
    rmSync(`${path}.tmp`, { force: true });
    return isThere;
  }

  async function make(): Promise<boolean> {
    if (sizeNow() === sizeBytes) return sizeBytes > 0;
    free();
    if (sizeBytes === 0 || freeBytes(dirname(path)) < roomFactor * sizeBytes) return false;
    try {
      await writeWhole(path, noise(sizeBytes));
      return true;
    } catch {
      // No reserve is no reason to stop; the next round tries again.
      return false;
    }
  }

  let making: Promise<boolean> | null = null;
  return {
    free,
    make: () => (making ??= make().finally(() => (making = null))),
  };
}

/** Bytes that a file system neither leaves out nor compresses. */
function* noise(sizeBytes: number): Generator<Uint8Array> {
  const chunk = randomBytes(Math.min(chunkBytes, sizeBytes));
  for (let left = sizeBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}
