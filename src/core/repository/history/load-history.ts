import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cache } from "../../../contracts/cache.ts";
import type { Git } from "../../../contracts/git.ts";
import type { OnProgress, Snapshot, Warning } from "../../../contracts/repository.ts";
import { decodeFacts, encodeFacts, joinFacts, type CommitFacts } from "./commit-facts.ts";
import { readCommits } from "./read-commits.ts";

const version = "history/3";

export interface LoadHistoryOptions {
  readonly useCache: boolean;
  readonly maxChanges: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/**
 * Facts of every commit reachable from the snapshot, newest first. What an earlier run read is kept per repository;
 * after a push only the new commits are read, and after a switch of branch only what the branches do not share.
 */
export async function loadHistory(
  snapshot: Snapshot,
  git: Git,
  cache: Cache,
  options: LoadHistoryOptions,
): Promise<{ facts: CommitFacts; warnings: Warning[] }> {
  const { repository, commit } = snapshot;
  // A shallow clone may be deepened without its head moving.
  const key = `${repository.gitDir}${repository.isShallow ? `@${await readEdge(repository.gitDir)}` : ""}`;
  const bytes = options.useCache ? cache.get(version, key) : null;
  let kept = bytes && decodeFacts(bytes);
  if (kept?.head === commit) return { facts: kept.facts, warnings: [] };
  const succeeds = (args: readonly string[]): Promise<boolean> =>
    git.text(repository.gitDir, args, { signal: options.signal }).then(
      () => true,
      () => false,
    );
  // A force-push and a clean-up may have taken the old head away.
  if (kept && !(await succeeds(["cat-file", "-e", `${kept.head}^{commit}`]))) kept = null;

  const except = kept ? [kept.head] : [];
  options.signal.throwIfAborted();
  const fresh = await readCommits(repository.gitDir, commit, git, { ...options, except });
  let { facts } = fresh;
  if (kept) {
    const isAncestor = await succeeds(["merge-base", "--is-ancestor", kept.head, commit]);
    const order =
      isAncestor && isNewer(facts, kept.facts)
        ? null
        : await git.text(repository.gitDir, ["rev-list", "--date-order", commit, "--"], {
            signal: options.signal,
          });
    facts = joinFacts(facts, kept.facts, order?.split("\n") ?? null);
  }
  if (fresh.warnings.length === 0) cache.putMany(version, [[key, encodeFacts({ head: commit, facts })]]);
  return { facts, warnings: fresh.warnings };
}

/**
 * Whether Git would name all of one before all of the other. It goes by the clocks of the committers: commits of a branch
 * that was merged late stand between those it was merged into, and would stand elsewhere had all been read at once.
 */
function isNewer(fresh: CommitFacts, kept: CommitFacts): boolean {
  const newest = kept.committedAt.reduce((most, at) => Math.max(most, at), -Infinity);
  return fresh.committedAt.every((at) => at > newest);
}

/** Where a shallow clone ends, as a name for it. */
async function readEdge(gitDir: string): Promise<string> {
  const commits = await readFile(join(gitDir, "shallow"), "utf8").catch(() => "");
  return createHash("sha256").update(commits).digest("hex");
}
