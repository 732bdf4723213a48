import type { Diff, DiffLine, FileDiff, Hunk } from "../../contracts/diff.ts";
import { formatName } from "./diff-names.ts";

const marks = { context: " ", added: "+", removed: "-" } as const;

/** Writes a diff as `git diff` would. What was left out of it stays out. */
export function formatDiff(diff: Pick<Diff, "files">): string {
  return diff.files.map(formatFileDiff).join("");
}

export function formatFileDiff(file: FileDiff): string {
  if (file.status === "type-changed") return splitTypeChange(file).map(formatFileDiff).join("");
  const before = formatName(`a/${file.oldPath ?? file.path}`);
  const after = formatName(`b/${file.path}`);
  const headers = isPlain(file)
    ? [`diff -u ${before} ${after}`]
    : [`diff --git ${before} ${after}`, ...formatExtendedHeaders(file)];
  const oldSide = file.status === "added" ? "/dev/null" : before;
  const newSide = file.status === "deleted" ? "/dev/null" : after;
  if (file.isBinary) headers.push(`Binary files ${oldSide} and ${newSide} differ`);
  else if (file.hunks.length > 0) headers.push(`--- ${withTab(oldSide)}`, `+++ ${withTab(newSide)}`);
  return `${headers.join("\n")}\n${file.hunks.map(formatHunk).join("")}`;
}

/** Git's own form of a new or deleted file needs its mode. */
function isPlain(file: FileDiff): boolean {
  if (!file.isBinary && file.hunks.length === 0) return false;
  return (
    (file.status === "added" && file.newMode === null) || (file.status === "deleted" && file.oldMode === null)
  );
}

function formatExtendedHeaders(file: FileDiff): string[] {
  const { status, oldMode, newMode, oldOid, newOid } = file;
  const lines: string[] = [];
  if (status === "added") lines.push(`new file mode ${newMode ?? "100644"}`);
  else if (status === "deleted") lines.push(`deleted file mode ${oldMode ?? "100644"}`);
  else if (oldMode !== null && newMode !== null && oldMode !== newMode)
    lines.push(`old mode ${oldMode}`, `new mode ${newMode}`);
  if (status === "renamed" || status === "copied") {
    const word = status === "renamed" ? "rename" : "copy";
    lines.push(
      `${word} from ${formatName(file.oldPath ?? file.path)}`,
      `${word} to ${formatName(file.path)}`,
    );
  }
  const zeros = "0".repeat((oldOid ?? newOid)?.length ?? 0);
  const left = status === "added" ? zeros : oldOid;
  const right = status === "deleted" ? zeros : newOid;
  if (zeros !== "" && left !== null && right !== null)
    lines.push(`index ${left}..${right}${oldMode !== null && oldMode === newMode ? ` ${oldMode}` : ""}`);
  return lines;
}

/** Git writes a tab behind names with blanks, so that nobody takes their end for a time. */
function withTab(name: string): string {
  return name.includes(" ") ? `${name}\t` : name;
}

export function formatHunk(hunk: Hunk): string {
  let text = `${formatHunkHeader(hunk)}\n`;
  for (const line of hunk.lines) {
    text += `${marks[line.kind]}${line.text}\n`;
    if (line.hasNoNewline) text += "\\ No newline at end of file\n";
  }
  return text;
}

function formatHunkHeader({ oldStart, oldLines, newStart, newLines, heading }: Hunk): string {
  const ranges = `@@ -${formatRange(oldStart, oldLines)} +${formatRange(newStart, newLines)} @@`;
  return heading === "" ? ranges : `${ranges} ${heading}`;
}

function formatRange(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${start},${lines}`;
}

/** The deletion and the addition that Git writes for a file that became a link, or the other way round. */
function splitTypeChange(file: FileDiff): readonly [FileDiff, FileDiff] {
  const lines = file.hunks.flatMap((hunk) => hunk.lines);
  const of = (kind: DiffLine["kind"]): Hunk[] => {
    const own = lines.filter((line) => line.kind === kind);
    if (own.length === 0) return [];
    const none = { oldStart: 0, oldLines: 0, newStart: 0, newLines: 0, heading: "", lines: own };
    return [
      kind === "removed"
        ? { ...none, oldStart: 1, oldLines: own.length }
        : { ...none, newStart: 1, newLines: own.length },
    ];
  };
  return [
    { ...file, status: "deleted", newMode: null, newOid: null, addedLines: 0, hunks: of("removed") },
    { ...file, status: "added", oldMode: null, oldOid: null, removedLines: 0, hunks: of("added") },
  ];
}
