import { createHash } from "node:crypto";
import { AppError } from "../../base/errors.ts";
import type { LineComment } from "../../contracts/code-host.ts";
import { arrayAt, textAt } from "./read.ts";

interface Line {
  readonly kind: "added" | "removed" | "context";
  readonly oldLine: number;
  readonly newLine: number;
}

/** Where GitLab shows a comment: lines that did not change are named by both of their numbers, others by one. */
export interface Position {
  readonly position_type: "text";
  readonly old_path: string;
  readonly new_path: string;
  readonly old_line?: number;
  readonly new_line?: number;
  readonly line_range?: { readonly start: RangeEnd; readonly end: RangeEnd };
}

interface RangeEnd {
  readonly line_code: string;
  readonly type: "new" | "old" | null;
  readonly old_line?: number;
  readonly new_line?: number;
}

/** Finds the places of comments in the diffs as GitLab has them. @throws AppError `host-rejected` for lines they do not hold */
export function createPositions(diffs: readonly unknown[]): (comment: LineComment) => Position {
  const files = new Map(diffs.map((each) => [textAt(each, "new_path") ?? "", each]));
  return (comment) => {
    const file = files.get(comment.path);
    const lines = readHunkLines(textAt(file, "diff") ?? "");
    const find = (number: number): Line | undefined =>
      lines.find((line) =>
        comment.side === "new"
          ? line.kind !== "removed" && line.newLine === number
          : line.kind !== "added" && line.oldLine === number,
      );
    const first = find(comment.line);
    const last = find(comment.endLine);
    if (file === undefined || first === undefined || last === undefined)
      throw new AppError(
        "host-rejected",
        `GitLab's diff of ${JSON.stringify(comment.path)} does not hold the lines ${comment.line} to ${comment.endLine} (${comment.side}).`,
      );
    return {
      position_type: "text",
      old_path: textAt(file, "old_path") ?? comment.oldPath ?? comment.path,
      new_path: comment.path,
      ...numbersOf(last),
      ...(comment.line < comment.endLine
        ? { line_range: { start: toRangeEnd(comment.path, first), end: toRangeEnd(comment.path, last) } }
        : {}),
    };
  };
}

function numbersOf(line: Line): { old_line?: number; new_line?: number } {
  return {
    ...(line.kind === "added" ? {} : { old_line: line.oldLine }),
    ...(line.kind === "removed" ? {} : { new_line: line.newLine }),
  };
}

function toRangeEnd(path: string, line: Line): RangeEnd {
  const file = createHash("sha1").update(path).digest("hex");
  return {
    line_code: `${file}_${line.oldLine}_${line.newLine}`,
    type: { added: "new" as const, removed: "old" as const, context: null }[line.kind],
    ...numbersOf(line),
  };
}

/** The side that a line is not on counts as the next one there, as GitLab's own codes of lines do. */
function readHunkLines(diff: string): readonly Line[] {
  const lines: Line[] = [];
  let [oldLine, newLine] = [0, 0];
  for (const text of diff.split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header) [oldLine, newLine] = [Number(header[1]), Number(header[2])];
    else if (text.startsWith("+")) lines.push({ kind: "added", oldLine, newLine: newLine++ });
    else if (text.startsWith("-")) lines.push({ kind: "removed", oldLine: oldLine++, newLine });
    else if (text.startsWith(" ")) lines.push({ kind: "context", oldLine: oldLine++, newLine: newLine++ });
  }
  return lines;
}

/** The diffs of a merge request's versions, for all three commits that a position names. */
export function diffRefsOf(mergeRequest: unknown): {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
} | null {
  const [base_sha, start_sha, head_sha] = ["base_sha", "start_sha", "head_sha"].map((name) =>
    textAt(mergeRequest, "diff_refs", name),
  );
  return base_sha && start_sha && head_sha ? { base_sha, start_sha, head_sha } : null;
}

/** Notes of a discussion as they come from the API. */
export function notesOf(discussion: unknown): readonly unknown[] {
  return arrayAt(discussion, "notes");
}
