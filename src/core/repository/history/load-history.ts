import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cache } from "../../../contracts/cache.ts";
import type { Git } from "../../../contracts/git.ts";
import type { OnProgress, Snapshot, Warning } from "../../../contracts/repository.ts";
import { decodeFacts, encodeFacts, joinFacts, type CommitFacts } from "./commit-facts.ts";
import { readCommits } from "./read-commits.ts";

const version = "history/3";
const manyCommits = 32;
const namedBorder = 30;

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
  const isAncestor = kept !== null && (await succeeds(["merge-base", "--is-ancestor", kept.head, commit]));
  options.signal.throwIfAborted();
  // A force-push and a clean-up may have taken the old head away.
  if (kept && !isAncestor && !(await succeeds(["cat-file", "-e", `${kept.head}^{commit}`]))) kept = null;

  const except = kept ? [kept.head] : [];
  options.signal.throwIfAborted();
  const fresh = await readCommits(repository.gitDir, commit, git, { ...options, except });
  const { facts, warnings } = fresh;
  if (kept === null) {
    keep(facts);
    return fresh;
  }
  const from = isAncestor ? firstOlder(facts, kept.facts) : kept.facts.oids.length;
  const joined = joinFacts(facts, kept.facts, await readOrder(kept.facts, from), from);
  // Few commits are read again faster than all of them are written.
  if (!isAncestor || facts.oids.length >= manyCommits) keep(joined);
  return { facts: joined, warnings };

  function keep(all: CommitFacts): void {
    if (warnings.length === 0) cache.putMany(version, [[key, encodeFacts({ head: commit, facts: all })]]);
  }

  /** Git's order of the new commits and those that may stand between them. */
  async function readOrder(older: CommitFacts, to: number): Promise<readonly string[]> {
    if (isAncestor && to === 0) return facts.oids;
    // What comes after has its order already; naming some of it is enough for Git to stop there.
    const after = older.oids.slice(to, to + namedBorder).map((oid) => `^${oid}`);
    const args = ["rev-list", "--date-order", commit, ...after, "--"];
    return (await git.text(repository.gitDir, args, { signal: options.signal })).split("\n");
  }
}

/**
 * The first row of `kept` that is older than all that is `fresh`. Git goes by the clocks of the committers: commits of a
 * branch that was merged late stand between those before that row, but never after it.
 */
function firstOlder(fresh: CommitFacts, kept: CommitFacts): number {
  const oldest = fresh.committedAt.reduce((least, at) => Math.min(least, at), Infinity);
  const row = kept.committedAt.findIndex((at) => at < oldest);
  return row < 0 ? kept.oids.length : row;
}

/** Where a shallow clone ends, as a name for it. */
async function readEdge(gitDir: string): Promise<string> {
  const commits = await readFile(join(gitDir, "shallow"), "utf8").catch(() => "");
  return createHash("sha256").update(commits).digest("hex");
}
