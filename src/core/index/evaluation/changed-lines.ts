import { isAppError } from "../../../base/errors.ts";
import type { Git } from "../../../contracts/git.ts";

/** Lines of the older side, both included. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
  /** Nothing was there: lines were put in between `start` and `end`. */
  readonly isGap: boolean;
}

/**
 * Which lines of its parent a commit changed, by the path in the parent; added and deleted files are left out.
 * Null when a content cannot be read, as in a partial clone.
 */
export async function readChangedLines(
  gitDir: string,
  parent: string,
  commit: string,
  git: Git,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly LineRange[]> | null> {
  const args = ["diff", "-U0", "-M", "--diff-filter=MR", "--no-ext-diff", "--no-textconv", "--no-color"];
  const prefixes = ["--src-prefix=a/", "--dst-prefix=b/"];
  try {
    const output = await git.text(gitDir, [...args, ...prefixes, parent, commit, "--"], {
      signal,
      settings: ["core.quotePath=false"],
    });
    return parseChangedLines(output);
  } catch (error) {
    if (isAppError(error, "git-failed", "repository-damaged")) return null;
    throw error;
  }
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Reads the output of `git diff -U0`. Lines of hunks are counted: what was removed may look like a head. */
export function parseChangedLines(output: string): Map<string, LineRange[]> {
  const changed = new Map<string, LineRange[]>();
  let ranges: LineRange[] = [];
  let left = 0;
  for (const line of output.split("\n")) {
    if (left > 0) {
      if (!line.startsWith("\\")) left--;
      continue;
    }
    if (line.startsWith("diff --git ")) ranges = [];
    else if (line.startsWith("--- a/")) changed.set(line.slice("--- a/".length).replace(/\t$/, ""), ranges);
    const match = hunkHead.exec(line);
    if (match === null) continue;
    const start = Number(match[1]);
    const removed = Number(match[2] ?? 1);
    left = removed + Number(match[3] ?? 1);
    ranges.push(
      removed === 0
        ? { start, end: start + 1, isGap: true }
        : { start, end: start + removed - 1, isGap: false },
    );
  }
  return changed;
}
