import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedDatabase } from "../../contracts/database.ts";
import { toDiskError, writeWhole } from "./disk.ts";

export interface SnapshotOptions {
  readonly database: Pick<EmbeddedDatabase, "dump">;
  /** Of the data directory; `snapshotFolder` names it. */
  readonly folder: string;
  /** How many stay, the newest. */
  readonly kept: number;
  readonly now: () => number;
}

export function snapshotFolder(dataDir: string): string {
  return join(dataDir, "snapshots");
}

/** Copies the running database into a file of the folder, resolves to its path, and deletes the oldest ones. */
export async function takeSnapshot(options: SnapshotOptions): Promise<string> {
  const { database, folder, kept, now } = options;
  // Colons are no part of file names everywhere.
  const name = `${new Date(now()).toISOString().replaceAll(":", "-")}.tar.gz`;
  try {
    mkdirSync(folder, { recursive: true });
    // What a kill left behind.
    for (const rest of readdirSync(folder).filter((entry) => entry.endsWith(".tmp")))
      rmSync(join(folder, rest), { force: true });
    await writeWhole(join(folder, name), [await database.dump()]);
  } catch (error) {
    throw toDiskError(error, `A snapshot in ${folder}`);
  }
  for (const old of listSnapshots(folder).slice(kept)) rmSync(old, { force: true });
  return join(folder, name);
}

/** Paths of the snapshots, newest first. */
export function listSnapshots(folder: string): readonly string[] {
  const names = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(".tar.gz"))
    .toSorted()
    .toReversed()
    .map((name) => join(folder, name));
}

/** A snapshot every `everyMs` from the last one on, also over restarts; 0 for none. Returns what stops it. */
export function scheduleSnapshots(
  options: SnapshotOptions & { readonly everyMs: number; readonly onError: (error: unknown) => void },
): () => void {
  const { folder, everyMs, now, onError } = options;
  if (everyMs === 0) return () => {};
  let timer: NodeJS.Timeout;
  let isStopped = false;

  function plan(waitMs: number): void {
    // Timers cannot wait longer than 24 days.
    timer = setTimeout(() => void run(), Math.min(waitMs, 2 ** 31 - 1)).unref();
  }

  async function run(): Promise<void> {
    try {
      await takeSnapshot(options);
    } catch (error) {
      onError(error);
    }
    if (!isStopped) plan(everyMs);
  }

  const [newest] = listSnapshots(folder);
  const ageMs = newest === undefined ? 0 : now() - statSync(newest).mtimeMs;
  plan(Math.max(0, everyMs - Math.max(0, ageMs)));
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
