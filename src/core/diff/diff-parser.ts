import { printableLine } from "../../base/text.ts";
import type { Diff, DiffWarning, FileDiff } from "../../contracts/diff.ts";
import { readName } from "./diff-names.ts";
import type { DiffLimits } from "./diff-limits.ts";
import {
  createDraft,
  finishDraft,
  joinTypeChange,
  knownOid,
  pathsOf,
  readBinaryFiles,
  readExtendedHeader,
  statusOfSides,
  type FileDraft,
} from "./file-draft.ts";
import {
  advance,
  finishHunk,
  kindOfLine,
  readLine,
  startHunk,
  type HunkDraft,
  type MutableLine,
} from "./hunk-draft.ts";
import { createLineSplitter } from "./split-lines.ts";

export interface DiffParser {
  /** False: a limit is reached, and what comes after is not read. */
  push(piece: Buffer): boolean;
  /** `isRecognised` is false when nothing in the text looked like a diff, or like a mail or log that could hold one. */
  end(): { readonly diff: Diff; readonly isRecognised: boolean };
}

/** Longer lines outside of hunks are no headers: two quoted paths of the greatest length fit. */
const maxHeaderBytes = 40_000;
const maxWarnings = 100;

const submoduleLine = /^Submodule (.+) ([0-9a-f]{4,64})\.{2,3}([0-9a-f]{4,64})(?::| \([^()]*\):?)$/s;
// What git format-patch, git log and git show begin with.
const mailOrLog = /^(?:From |commit )[0-9a-f]{40}/;

const backslash = 92;

/** Reads a diff piece by piece. `given` is the file that hunks without headers belong to. */
export function createDiffParser(limits: DiffLimits, given: Partial<FileDraft> | null = null): DiffParser {
  const files: FileDiff[] = [];
  const warnings: DiffWarning[] = [];
  let unsaid = 0;
  let isTruncated = false;
  let isRecognised = given !== null;
  let isStopped = false;
  let bytesLeft = limits.maxBytes;
  let keptLines = 0;

  let file: FileDraft | null = given === null ? null : createDraft(given);
  let isInHeader = false;
  let hunk: HunkDraft | null = null;
  let lastLine: MutableLine | null = null;
  let pendingOld: string | null = null;
  let pendingNew: string | null = null;
  let isAfterHunk = false;
  let isHunkWithoutFile = false;

  function warn(code: string, message: string, path?: string): void {
    if (warnings.length >= maxWarnings) unsaid++;
    else warnings.push(path === undefined ? { code, message } : { code, message, path });
  }

  function warnOfFile(code: string, message: string): void {
    const path = file === null ? undefined : pathsOf(file)?.path;
    warn(code, path === undefined ? message : `${path}: ${message}`, path);
  }

  const splitter = createLineSplitter(Math.max(limits.maxLineBytes, maxHeaderBytes), (bytes, start, end) => {
    if (isStopped) return;
    if (hunk !== null && readHunkLine(hunk, bytes, start, end)) return;
    readOtherLine(bytes, start, end);
  });

  /** False: the line is not of the hunk, which is then over before its time. */
  function readHunkLine(current: HunkDraft, bytes: Buffer, start: number, end: number): boolean {
    if (start < end && bytes[start] === backslash && lastLine !== null) {
      lastLine.hasNoNewline = true;
      return true;
    }
    const kind = kindOfLine(current, bytes, start, end);
    if (kind === null) {
      cutHunk(current);
      return false;
    }
    const draft = file!;
    if (kind === "added") draft.addedLines++;
    else if (kind === "removed") draft.removedLines++;
    if (!draft.isCut && hasRoom(draft, end - start)) {
      lastLine = readLine(current, kind, bytes, start, end);
      current.lines.push(lastLine);
      draft.keptLines++;
      keptLines++;
    }
    if (advance(current, kind)) endHunk(current);
    return true;
  }

  /** Whether the limits let one more line in; otherwise the whole file is left out. */
  function hasRoom(draft: FileDraft, lineBytes: number): boolean {
    if (lineBytes > limits.maxLineBytes) leaveOut(draft, `a line of more than ${limits.maxLineBytes} bytes`);
    else if (draft.keptLines >= limits.maxFileLines)
      leaveOut(draft, `more than ${limits.maxFileLines} lines`);
    else if (keptLines >= limits.maxLines)
      leaveOut(draft, `no room: the diff has more than ${limits.maxLines} lines`);
    return !draft.isCut;
  }

  /** All hunks of a file or none: what is left out of the middle would look like a clean file. */
  function leaveOut(draft: FileDraft, reason: string): void {
    warnOfFile("file-left-out", `its lines were not read: ${reason}.`);
    isTruncated = true;
    draft.isCut = true;
    draft.hunks = [];
    keptLines -= draft.keptLines;
    draft.keptLines = 0;
    lastLine = null;
  }

  function endHunk(current: HunkDraft): void {
    hunk = null;
    isAfterHunk = true;
    const draft = file!;
    if (draft.isCut) return;
    draft.oldEnd = current.oldLine;
    draft.newEnd = current.newLine;
    draft.hunks.push(finishHunk(current));
  }

  function cutHunk(current: HunkDraft): void {
    hunk = null;
    lastLine = null;
    const draft = file!;
    if (draft.isCut) return;
    const missing = Math.max(current.oldLeft, current.newLeft);
    warnOfFile(
      "hunk-cut-short",
      `a hunk at line ${current.newStart} ends ${missing} line${missing === 1 ? "" : "s"} too early; it was left out, and what came after it in this file.`,
    );
    keptLines -= current.lines.length;
    draft.isCut = true;
    isTruncated = true;
  }

  function beginHunk(draft: FileDraft, started: HunkDraft): void {
    lastLine = null;
    isAfterHunk = false;
    if (started.oldLines === 0 && started.newLines === 0) return;
    hunk = started;
    const isAfterLast =
      started.oldLine >= Math.max(1, draft.oldEnd) && started.newLine >= Math.max(1, draft.newEnd);
    if (draft.isCut || isAfterLast) return;
    warnOfFile(
      "hunk-out-of-order",
      `a hunk at line ${started.newStart} does not lie after the one before; it was left out, and what came after it in this file.`,
    );
    draft.isCut = true;
    isTruncated = true;
  }

  function readOtherLine(bytes: Buffer, start: number, end: number): void {
    if (end - start > maxHeaderBytes) return;
    const whole = bytes.toString("latin1", start, end);
    // A hunk's header keeps its carriage return: it tells whether those after it are of the file.
    const started = startHunk(whole);
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    if (started && (file !== null || pendingNew !== null)) {
      if (pendingNew !== null) startPlainFile();
      isInHeader = false;
      if (file !== null) beginHunk(file, started);
      return;
    }
    if (started && !isHunkWithoutFile) {
      isHunkWithoutFile = true;
      isTruncated = true;
      warn("hunk-without-file", "A hunk has no line before it that says of which file; it was left out.");
    }
    if (isAfterHunk && readAfterHunk(line)) return;
    if (isInHeader && readExtendedHeader(file!, line)) return;
    isInHeader = false;
    if (pendingOld !== null && pendingNew === null && line.startsWith("+++ ")) {
      pendingNew = line.slice(4);
      return;
    }
    pendingOld = line.startsWith("--- ") ? line.slice(4) : null;
    pendingNew = null;
    if (pendingOld === null) readSectionStart(line);
  }

  /** Right behind a hunk may stand that its last line has no line end, and lines that its header did not count. */
  function readAfterHunk(line: string): boolean {
    if (line.startsWith("\\") && lastLine !== null) {
      lastLine.hasNoNewline = true;
      return true;
    }
    isAfterHunk = false;
    lastLine = null;
    if (/^(?:\+(?!\+\+ )|-(?!-- |- $|-$))/.test(line))
      warnOfFile("hunk-too-long", "a hunk has more lines than its header says; those were left out.");
    return false;
  }

  function readSectionStart(line: string): void {
    if (line.startsWith("diff --git ")) {
      startFile({ gitLine: line.slice("diff --git ".length) });
      isInHeader = true;
    } else if (line.startsWith("diff --cc ") || line.startsWith("diff --combined ")) {
      endFile();
      isRecognised = true;
      const path = readName(line.slice(line.indexOf(" ", "diff --c".length) + 1));
      warn(
        "combined-diff",
        `${path}: a diff of a merge against several parents cannot be read; it was left out.`,
        path,
      );
    } else if (line.startsWith("Binary files ") && line.endsWith(" differ")) {
      const draft = startFile({});
      if (!draft) return;
      readBinaryFiles(draft, line);
      draft.status = statusOfSides(draft.oldSide ?? "", draft.newSide ?? "");
    } else if (line.startsWith("Submodule ")) readSubmodule(line);
    else if (line.startsWith("diff ") || line.startsWith("Index: ") || line.startsWith("@@@")) endFile();
    else if (mailOrLog.test(line)) {
      endFile();
      isRecognised = true;
    }
  }

  /** What `--submodule=log` prints in place of a diff. */
  function readSubmodule(line: string): void {
    const match = submoduleLine.exec(line);
    if (!match) return;
    const oldOid = knownOid(match[2]!);
    const newOid = knownOid(match[3]!);
    const name = readName(match[1]!);
    const status = oldOid === null ? "added" : newOid === null ? "deleted" : "modified";
    startFile({ oldName: name, newName: name, oldOid, newOid, isSubmodule: true, status });
  }

  function startPlainFile(): void {
    const [oldSide, newSide] = [pendingOld!, pendingNew!];
    pendingOld = null;
    pendingNew = null;
    startFile({ oldSide, newSide, status: statusOfSides(oldSide, newSide) });
  }

  function startFile(known: Partial<FileDraft>): FileDraft | null {
    endFile();
    isRecognised = true;
    if (files.length >= limits.maxFiles) {
      stop("too-many-files", `The diff has more than ${limits.maxFiles} files; only those were read.`);
      return null;
    }
    file = createDraft(known);
    return file;
  }

  function stop(code: string, message: string): void {
    isStopped = true;
    isTruncated = true;
    warn(code, message);
  }

  function endFile(): void {
    isInHeader = false;
    isAfterHunk = false;
    const draft = file;
    file = null;
    if (draft === null) return;
    const paths = pathsOf(draft);
    if (paths === null) {
      const shown = draft.gitLine ?? draft.newSide ?? draft.newName ?? "";
      warn(
        "path-invalid",
        `A file was left out: its path leads out of the repository, or cannot be told from ${JSON.stringify(printableLine(shown.slice(0, 200)))}.`,
      );
      isTruncated = true;
      return;
    }
    // Git writes both names only where lines follow; otherwise somebody cut them off.
    if (draft.newSide !== null && draft.hunks.length === 0 && !draft.isCut && !draft.isBinary) {
      warn(
        "lines-missing",
        `${paths.path}: no lines follow its header, where there should be some.`,
        paths.path,
      );
      draft.isCut = true;
      isTruncated = true;
    }
    const done = finishDraft(draft, paths);
    const joined = joinTypeChange(files.at(-1), done);
    if (joined) files[files.length - 1] = joined;
    else files.push(done);
  }

  function warnOfRepeated(): void {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for (const { path } of files) (seen.has(path) ? repeated : seen).add(path);
    for (const path of repeated)
      warn(
        "path-repeated",
        `${path}: several patches change this file; line numbers are those after each of them.`,
        path,
      );
  }

  return {
    push(piece) {
      if (isStopped) return false;
      splitter.push(piece.length > bytesLeft ? piece.subarray(0, bytesLeft) : piece);
      bytesLeft -= piece.length;
      if (bytesLeft < 0 && !isStopped) {
        // The line in which the limit lies is not whole.
        isStopped = true;
        if (hunk !== null) cutHunk(hunk);
        stop(
          "diff-too-large",
          `The diff has more than ${limits.maxBytes} bytes; what comes after was not read.`,
        );
      }
      return !isStopped;
    },
    end() {
      if (!isStopped) splitter.end();
      if (hunk !== null) cutHunk(hunk);
      endFile();
      warnOfRepeated();
      if (unsaid > 0)
        warnings.push({ code: "more-warnings", message: `${unsaid} more warnings are not shown.` });
      return { diff: { files, isTruncated, warnings }, isRecognised };
    },
  };
}
