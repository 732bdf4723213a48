import type { DiffLine, Hunk } from "../../contracts/diff.ts";

/** A hunk whose lines are being read. */
export interface HunkDraft extends Omit<Hunk, "lines"> {
  readonly lines: MutableLine[];
  /** The diff as a whole was given CRLF line ends: the last carriage return of a line is not of the file. */
  readonly hasCarriage: boolean;
  /** Numbers of the next line on either side, and how many are still to come. */
  oldLine: number;
  newLine: number;
  oldLeft: number;
  newLeft: number;
}

export type MutableLine = { -readonly [K in keyof DiffLine]: DiffLine[K] };

const header = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/s;
const space = 32;
const plus = 43;
const minus = 45;
const carriageReturn = 13;

/** Reads `@@ -1,2 +3,4 @@ heading`, in Latin-1 and with its carriage return; null when it is none. */
export function startHunk(line: string): HunkDraft | null {
  const match = line.startsWith("@@ -") ? header.exec(line) : null;
  if (match === null) return null;
  const oldStart = Number(match[1]);
  const oldLines = Number(match[2] ?? 1);
  const newStart = Number(match[3]);
  const newLines = Number(match[4] ?? 1);
  const heading = match[5]!;
  // Nothing that makes diffs leaves blanks at the end of a heading.
  const hasCarriage = heading.endsWith("\r");
  return {
    oldStart,
    oldLines,
    newStart,
    newLines,
    heading: Buffer.from(hasCarriage ? heading.slice(0, -1) : heading, "latin1").toString("utf8"),
    lines: [],
    hasCarriage,
    // Where a side has no lines, the header names the line before.
    oldLine: oldLines === 0 ? oldStart + 1 : oldStart,
    newLine: newLines === 0 ? newStart + 1 : newStart,
    oldLeft: oldLines,
    newLeft: newLines,
  };
}

/** What a line is to the hunk; null when it cannot be one of those that are still to come. */
export function kindOfLine(
  hunk: HunkDraft,
  bytes: Buffer,
  start: number,
  end: number,
): DiffLine["kind"] | null {
  const first = start === end ? space : bytes[start]!;
  if (first === plus) return hunk.newLeft > 0 ? "added" : null;
  if (first === minus) return hunk.oldLeft > 0 ? "removed" : null;
  const isContext = first === space || isBareReturn(bytes, start, end);
  return isContext && hunk.oldLeft > 0 && hunk.newLeft > 0 ? "context" : null;
}

/** A blank line of a CRLF file that lost its mark: mails and editors take blanks from line ends. */
function isBareReturn(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === carriageReturn;
}

/** The line as the contract has it. */
export function readLine(
  hunk: HunkDraft,
  kind: DiffLine["kind"],
  bytes: Buffer,
  start: number,
  end: number,
): MutableLine {
  const from = start === end || isBareReturn(bytes, start, end) ? start : start + 1;
  const to = hunk.hasCarriage && end > from && bytes[end - 1] === carriageReturn ? end - 1 : end;
  return {
    kind,
    text: to === from ? "" : bytes.toString("utf8", from, to),
    oldLine: kind === "added" ? null : hunk.oldLine,
    newLine: kind === "removed" ? null : hunk.newLine,
    hasNoNewline: false,
  };
}

/** Goes on to the next line; true when that was the last. */
export function advance(hunk: HunkDraft, kind: DiffLine["kind"]): boolean {
  if (kind !== "added") {
    hunk.oldLine++;
    hunk.oldLeft--;
  }
  if (kind !== "removed") {
    hunk.newLine++;
    hunk.newLeft--;
  }
  return hunk.oldLeft === 0 && hunk.newLeft === 0;
}

export function finishHunk(hunk: HunkDraft): Hunk {
  const { oldStart, oldLines, newStart, newLines, heading, lines } = hunk;
  return { oldStart, oldLines, newStart, newLines, heading, lines };
}
