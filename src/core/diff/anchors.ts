import type { Diff, FileDiff, Hunk } from "../../contracts/diff.ts";

export type Side = "new" | "old";

/** A place in a diff that a code host takes a comment for. */
export interface Anchor {
  /** As the diff names the file now, also for lines before the change. */
  readonly path: string;
  readonly oldPath: string | null;
  readonly side: Side;
  readonly line: number;
  readonly endLine: number;
}

export interface Anchors {
  /** Whether both lines stand in one hunk of that side: a host refuses anything else, and with it the whole review. */
  canAnchor(path: string, side: Side, line: number, endLine: number): boolean;
  /**
   * The part of the lines that stands in one hunk: of several hunks the one with the most changed lines among them, then with
   * the most lines. `path` may be the one before a rename. Null when no line is in the diff.
   */
  nearest(path: string, side: Side, line: number, endLine: number): Anchor | null;
}

/** Which lines of a diff can be commented on: those that were added or removed, and the context around them on both sides. */
export function createAnchors(diff: Pick<Diff, "files">): Anchors {
  const byPath = new Map<string, FileDiff>();
  const byOldPath = new Map<string, FileDiff>();
  for (const file of diff.files) {
    // Of a series of patches only the last says where lines are now.
    byPath.set(file.path, file);
    if (file.oldPath !== null && file.status === "renamed") byOldPath.set(file.oldPath, file);
  }

  return {
    canAnchor(path, side, line, endLine) {
      const file = byPath.get(path);
      if (file === undefined || line < 1 || endLine < line) return false;
      const hunk = firstHunkTo(file.hunks, side, line);
      if (hunk === undefined) return false;
      const { first, last } = rangeOf(hunk, side);
      return first <= line && endLine <= last;
    },
    nearest(path, side, line, endLine) {
      const file = byPath.get(path) ?? byOldPath.get(path);
      if (file === undefined || endLine < line) return null;
      let best: { anchor: Anchor; changed: number } | null = null;
      for (let at = indexOfHunkTo(file.hunks, side, line); at < file.hunks.length; at++) {
        const hunk = file.hunks[at]!;
        const { first, last } = rangeOf(hunk, side);
        if (first > endLine) break;
        const anchor: Anchor = {
          path: file.path,
          oldPath: file.oldPath,
          side,
          line: Math.max(first, line),
          endLine: Math.min(last, endLine),
        };
        // A hunk that only removes has no line on the new side.
        if (anchor.endLine < anchor.line) continue;
        const changed = countChanged(hunk, anchor);
        if (
          best === null ||
          changed > best.changed ||
          (changed === best.changed && span(anchor) > span(best.anchor))
        )
          best = { anchor, changed };
      }
      return best?.anchor ?? null;
    },
  };
}

/** Lines of a hunk on one side follow each other without a gap. With none, `last` is before `first`. */
function rangeOf(hunk: Hunk, side: Side): { readonly first: number; readonly last: number } {
  const start = side === "new" ? hunk.newStart : hunk.oldStart;
  const lines = side === "new" ? hunk.newLines : hunk.oldLines;
  const first = lines === 0 ? start + 1 : start;
  return { first, last: first + lines - 1 };
}

function firstHunkTo(hunks: readonly Hunk[], side: Side, line: number): Hunk | undefined {
  return hunks[indexOfHunkTo(hunks, side, line)];
}

/** Index of the first hunk that does not end before `line`. */
function indexOfHunkTo(hunks: readonly Hunk[], side: Side, line: number): number {
  let low = 0;
  let high = hunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rangeOf(hunks[middle]!, side).last < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countChanged(hunk: Hunk, anchor: Anchor): number {
  const kind = anchor.side === "new" ? "added" : "removed";
  return hunk.lines.filter((each) => {
    const number = anchor.side === "new" ? each.newLine : each.oldLine;
    return each.kind === kind && number !== null && number >= anchor.line && number <= anchor.endLine;
  }).length;
}

function span(anchor: Anchor): number {
  return anchor.endLine - anchor.line;
}
