import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Git } from "../../contracts/git.ts";
import type { Repository, Warning } from "../../contracts/repository.ts";
import { copyIndex } from "../repository/copy-index.ts";

const timeoutMs = 10_000;

/**
 * Says when the work tree differs from HEAD: the report is of a commit, and a person who just edited a file should
 * know. Git looks at the files with a copy of the index and our configuration, so neither filters, hooks and
 * monitors of the foreign repository run, nor is its index refreshed. Submodules are not entered.
 */
export async function describeWorkTree(
  repository: Repository,
  git: Git,
  signal: AbortSignal,
): Promise<Warning[]> {
  const { workTree } = repository;
  if (workTree === null) return [];
  const folder = await mkdtemp(join(tmpdir(), "repowright-"));
  try {
    const indexFile = join(folder, "index");
    // A clone that was never checked out has none.
    if (!(await copyIndex(workTree.foreignGitDir, folder))) return [];
    const output = await git.text(
      repository.gitDir,
      ["status", "--porcelain", "--no-renames", "--untracked-files=no", "--ignore-submodules=all", "-z"],
      {
        signal,
        timeoutMs,
        isMemoryLimited: true,
        settings: ["core.symlinks=true", "core.bare=false"],
        workTree: { path: workTree.path, indexFile },
      },
    );
    const changed = output
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => line.slice("XY ".length));
    if (changed.length === 0) return [];
    const few = changed.slice(0, 3).join(", ");
    return [
      {
        code: "dirty-work-tree",
        message: `${changed.length} file${changed.length === 1 ? " has" : "s have"} changes that are not committed and not in this report: ${few}${changed.length > 3 ? ", …" : ""}`,
      },
    ];
  } catch {
    signal.throwIfAborted();
    return [
      {
        code: "work-tree-unknown",
        message: "Whether files were changed since the last commit could not be found out.",
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
