import type { Diff, DiffWarning } from "../../contracts/diff.ts";
import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { defaultDiffLimits, type DiffLimits } from "./diff-limits.ts";
import { diffTrees, emptyTree } from "./diff-trees.ts";
import { writeStagedTree } from "./stage-tree.ts";

export interface ReadDiff {
  readonly diff: Diff;
  /** Commit that the diff starts from: the merge base; null for the empty tree. */
  readonly base: string | null;
}

/**
 * What `head` changed since it left `base`, as a pull request shows it; all of `head` when `base` is null. Both are full
 * commit ids.
 * @throws AppError `memory-limit`, `time-limit`, `repository-damaged`, `cancelled`, and of fetching
 */
export async function readDiff(
  repository: Repository,
  { base, head }: { readonly base: string | null; readonly head: string },
  git: Git,
  signal: AbortSignal,
  limits: DiffLimits = defaultDiffLimits,
): Promise<ReadDiff> {
  const found = base === null ? null : await findMergeBase(repository, base, head, git, signal);
  const from = found ?? base;
  const trees = { before: from ?? emptyTree(head.length), after: head };
  const diff = await diffTrees(repository, trees, git, signal, limits);
  if (found !== null || base === null) return { diff, base: from };
  const warning: DiffWarning = {
    code: "no-merge-base",
    message: `${short(base)} and ${short(head)} have no commit in common${repository.isShallow ? ", as far as this shallow clone goes" : ""}; they were compared as they are, which shows the changes of both.`,
  };
  return { diff: { ...diff, warnings: [warning, ...diff.warnings] }, base: from };
}

async function findMergeBase(
  repository: Repository,
  base: string,
  head: string,
  git: Git,
  signal: AbortSignal,
): Promise<string | null> {
  const output = await git.text(repository.gitDir, ["merge-base", base, head], {
    signal,
    isMemoryLimited: true,
    answers: [1],
  });
  return output.trim() === "" ? null : output.trim();
}

/**
 * What is staged in a local work tree, against a commit (null: against nothing). New contents are in our own repository
 * afterwards and can be read by their ids.
 * @throws AppError `source-invalid` when there is no work tree, and as `readDiff`
 */
export async function readStagedDiff(
  repository: Repository,
  commit: string | null,
  git: Git,
  signal: AbortSignal,
  limits: DiffLimits = defaultDiffLimits,
): Promise<Diff> {
  return diffLocal(repository, commit, git, { takesWorkTree: false, signal, limits });
}

/** As `readStagedDiff`, of the tracked files as they are now, staged or not. */
export async function readWorkTreeDiff(
  repository: Repository,
  commit: string | null,
  git: Git,
  signal: AbortSignal,
  limits: DiffLimits = defaultDiffLimits,
): Promise<Diff> {
  return diffLocal(repository, commit, git, { takesWorkTree: true, signal, limits });
}

async function diffLocal(
  repository: Repository,
  commit: string | null,
  git: Git,
  options: { readonly takesWorkTree: boolean; readonly signal: AbortSignal; readonly limits: DiffLimits },
): Promise<Diff> {
  const staged = await writeStagedTree(repository, git, { ...options, commit });
  const trees = { before: commit ?? emptyTree(staged.tree.length), after: staged.tree };
  const diff = await diffTrees(repository, trees, git, options.signal, options.limits);
  return { ...diff, warnings: [...staged.warnings, ...diff.warnings] };
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
