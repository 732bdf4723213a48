import { copyFile, readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/**
 * Copies the index of a foreign repository into a folder, as `index`. False when there is none. One that is split has its
 * greater part in files beside it.
 */
export async function copyIndex(foreignGitDir: string, folder: string): Promise<boolean> {
  const names = await readdir(foreignGitDir);
  for (const name of names.filter((each) => /^(?:index|sharedindex\.[0-9a-f]{40,64})$/.test(each)))
    await copyWithTime(join(foreignGitDir, name), join(folder, name)).catch(
      (error: NodeJS.ErrnoException) => {
        // Git has put another in its place meanwhile.
        if (error.code !== "ENOENT") throw error;
      },
    );
  return names.includes("index");
}

/** Git looks into files that were written no earlier than the index: a copy that is younger would hide what changed since. */
async function copyWithTime(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  await copyFile(from, to);
  const seconds = Math.floor(mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}
