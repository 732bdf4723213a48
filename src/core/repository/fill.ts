import type { Git } from "../../contracts/git.ts";
import type { Repository, Snapshot, TreeEntry } from "../../contracts/repository.ts";
import { readSizes } from "./tree.ts";

/** Fetches the contents of a snapshot's files that a blobless clone lacks; sizes are then known. */
export async function fillTree(
  snapshot: Snapshot,
  entries: readonly TreeEntry[],
  git: Git,
  signal: AbortSignal,
): Promise<readonly TreeEntry[]> {
  const { repository } = snapshot;
  const missing = [...new Set(entries.filter((entry) => entry.sizeBytes < 0).map((entry) => entry.oid))];
  if (repository.fetchMissing === null || missing.length === 0) return entries;
  await repository.fetchMissing(missing, signal);
  const sizes = await readSizes(repository.gitDir, missing, git, signal);
  return entries.map((entry) =>
    entry.sizeBytes < 0 ? { ...entry, sizeBytes: sizes.get(entry.oid) ?? -1 } : entry,
  );
}

/** Fetches every content of the history of `commit` that a blobless clone lacks, in one go instead of one by one. */
export async function fillHistory(
  repository: Repository,
  commit: string,
  git: Git,
  signal: AbortSignal,
): Promise<void> {
  if (repository.fetchMissing === null) return;
  const listing = git.stream(
    repository.gitDir,
    ["rev-list", "--objects", "--missing=print", "--no-object-names", commit, "--"],
    { signal, stdin: "" },
  );
  const missing: string[] = [];
  let rest = "";
  for await (const piece of listing.stdout) {
    const lines = (rest + (piece as Buffer).toString("latin1")).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line.startsWith("?")) missing.push(line.slice(1));
  }
  await listing.done;
  if (missing.length > 0) await repository.fetchMissing(missing, signal);
}
